import { isUtf8 } from "node:buffer";

/** A line that is no event, as it travels from the thread that read it. */
export interface Reject {
  /** Within the part, from 0. */
  readonly line: number;
  readonly code: string;
  readonly text?: string;
  readonly base64?: string;
  readonly truncated?: true;
}

const KEPT_BYTES = 2048;

/** Keeps the beginning of the line: as text when it is UTF-8, else in base64. */
export function rejectBytes(line: number, code: string, bytes: Buffer, isCut = false): Reject {
  const truncated = isCut || bytes.length > KEPT_BYTES ? ({ truncated: true } as const) : {};
  const kept = bytes.subarray(0, KEPT_BYTES);
  // A cut through a character leaves at most 3 bytes of it.
  for (let drop = 0; drop <= (bytes.length > KEPT_BYTES || isCut ? 3 : 0); drop++) {
    const whole = kept.subarray(0, Math.max(0, kept.length - drop));
    if (isUtf8(whole) && code !== "INVALID_UTF8") return { line, code, text: whole.toString("utf8"), ...truncated };
  }
  return { line, code, base64: kept.toString("base64"), ...truncated };
}
