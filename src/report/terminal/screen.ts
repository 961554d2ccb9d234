/** Where words go: how many columns there are, and how to colour. */
export interface Screen {
  readonly width: number;
  readonly color: boolean;
}

export type Tone = "plain" | "strong" | "soft" | "good" | "doubt" | "bad";

const SGR = { plain: "", strong: "1", soft: "2", good: "32", doubt: "33", bad: "31" } as const satisfies Record<
  Tone,
  string
>;

/** The text in a tone; as it is where colours are off. */
export function paint(text: string, tone: Tone, { color }: Pick<Screen, "color">): string {
  return color && SGR[tone] !== "" && text !== "" ? `\u001b[${SGR[tone]}m${text}\u001b[0m` : text;
}
