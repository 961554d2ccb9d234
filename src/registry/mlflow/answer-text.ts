const BYTES_MAX = 16 * 1024 * 1024;

export interface AnswerText {
  readonly status: number;
  /** Its JSON; null where it is something else. */
  readonly said: unknown;
}

/** Reads an answer, of a megabyte or so: a stranger who sends without end is not listened to. Throws where it is too long or breaks off. */
export async function readAnswer(response: Response): Promise<AnswerText> {
  const { status, body } = response;
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of body ?? []) {
    bytes += part.length;
    if (bytes > BYTES_MAX) throw new Error("the answer does not end");
    parts.push(part);
  }
  return { status, said: jsonOf(Buffer.concat(parts).toString("utf8")) };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
