import { isAscii, isUtf8 } from "node:buffer";
import type { PieceEnd } from "./splitter.js";

/** The object that a piece of a log should be, or the reason code why it is none. */
export function jsonLine(
  bytes: Buffer,
  { start, end, how, isFirst }: { start: number; end: number; how: PieceEnd; isFirst: boolean },
): Record<string, unknown> | string {
  const from = isFirst && startsWithBom(bytes, start) ? start + BOM_BYTES : start;
  const text = textOf(bytes, from, end);
  if (text === null) return "INVALID_UTF8";
  // Without the price of a thrown error: a few packed bytes can hold millions of them.
  if (text === "") return "BLANK_LINE";
  let row: unknown;
  try {
    row = JSON.parse(text);
  } catch {
    if (text.trim() === "") return "BLANK_LINE";
    return how === "log-ended" ? "TRUNCATED_LINE" : "INVALID_JSON";
  }
  if (typeof row !== "object" || row === null || Array.isArray(row)) return "NOT_AN_OBJECT";
  return row as Record<string, unknown>;
}

export const BOM_BYTES = 3;

export function startsWithBom(bytes: Buffer, start: number): boolean {
  return bytes[start] === 0xef && bytes[start + 1] === 0xbb && bytes[start + 2] === 0xbf;
}

/** `null` when the bytes are not UTF-8. Latin-1 is the quicker way to make a text of ASCII. */
export function textOf(bytes: Buffer, start: number, end: number): string | null {
  const piece = bytes.subarray(start, end);
  if (isAscii(piece)) return piece.toString("latin1");
  return isUtf8(piece) ? piece.toString("utf8") : null;
}
