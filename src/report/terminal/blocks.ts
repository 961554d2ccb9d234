import { paint, type Screen, type Tone } from "./screen.js";
import { cut, pad, textWidth, wrap } from "./text.js";

const INDENT = "  ";
const GUTTER = "  ";
const NAME_COLUMNS = 18;

export function heading(title: string, screen: Screen): string[] {
  return ["", paint(cut(title, screen.width), "strong", screen)];
}

/** A paragraph, indented. */
export function paragraph(text: string, screen: Screen, tone: Tone = "plain"): string[] {
  return wrap(text, screen.width - INDENT.length).map((line) => INDENT + paint(line, tone, screen));
}

/** A name and what is said of it, the lines of which stay in their column. */
export function fact(name: string, value: string, screen: Screen, tone: Tone = "plain"): string[] {
  const indent = INDENT.length + NAME_COLUMNS;
  return wrap(value, screen.width - indent).map((line, i) => {
    const label = i === 0 ? pad(cut(name, NAME_COLUMNS - 1), NAME_COLUMNS) : " ".repeat(NAME_COLUMNS);
    return INDENT + paint(label, "soft", screen) + paint(line, tone, screen);
  });
}

export interface Row {
  readonly cells: readonly string[];
  readonly tone?: Tone;
}

/** Columns aligned: names left, figures right. A first column that is too wide gives way. */
export function columns(head: readonly string[], rows: readonly Row[], screen: Screen): string[] {
  const widths = head.map((name, i) => Math.max(...[name, ...rows.map(({ cells }) => cells[i] ?? "")].map(textWidth)));
  const others = widths.slice(1).reduce((sum, width) => sum + width + GUTTER.length, INDENT.length);
  widths[0] = Math.min(widths[0] ?? 0, Math.max(12, screen.width - others));
  const line = (cells: readonly string[], tone: Tone) => {
    const padded = cells.map((cell, i) => pad(cut(cell, widths[i] ?? 0), widths[i] ?? 0, i === 0 ? "left" : "right"));
    return INDENT + paint(cut(padded.join(GUTTER), screen.width - INDENT.length), tone, screen);
  };
  return [line(head, "soft"), ...rows.map(({ cells, tone = "plain" }) => line(cells, tone))];
}
