import { visible } from "../html.js";

/** Two columns each: East Asian wide and full-width forms, and emoji. */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1f64f}\u{1f680}-\u{1f6ff}\u{1f900}-\u{1faff}\u{20000}-\u{3fffd}]/u;
const NO_WIDTH = /[\p{Mn}\p{Me}\p{Cf}]/u;

/** Columns of a terminal that a text takes. */
export function textWidth(text: string): number {
  let width = 0;
  for (const char of text) width += NO_WIDTH.test(char) ? 0 : WIDE.test(char) ? 2 : 1;
  return width;
}

/** The text without control characters, cut with … where it is wider than `width`. */
export function cut(text: string, width: number): string {
  const clean = visible(text);
  if (textWidth(clean) <= width) return clean;
  let [out, used] = ["", 1];
  for (const char of clean) {
    used += textWidth(char);
    if (used > width) break;
    out += char;
  }
  return width > 0 ? `${out.trimEnd()}…` : "";
}

export function pad(text: string, width: number, align: "left" | "right" = "left"): string {
  const space = " ".repeat(Math.max(0, width - textWidth(text)));
  return align === "left" ? text + space : space + text;
}

/** Lines of at most `width` columns, broken between words, or inside one that is longer than a line. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of visible(text)
    .split(/\s+/)
    .flatMap((long) => pieces(long, width))) {
    if (line !== "" && textWidth(line) + 1 + textWidth(word) > width) {
      lines.push(line);
      line = "";
    }
    line = line === "" ? word : `${line} ${word}`;
  }
  return line === "" ? lines : [...lines, line];
}

function pieces(word: string, width: number): string[] {
  const out: string[] = [];
  let piece = "";
  for (const char of word) {
    if (textWidth(piece) + textWidth(char) > width) {
      out.push(piece);
      piece = "";
    }
    piece += char;
  }
  return piece === "" ? out : [...out, piece];
}
