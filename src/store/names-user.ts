import type { UserId } from "../schema/user-id.js";
import type { QuarantinedLine } from "./quarantine.js";

/** What may be a user id in a text of any form; beside these, what a field of that name holds. */
const WORD = /[\p{L}\p{N}_.@+-]+/gu;
const FIELD = /"userId"\s*:\s*"((?:[^"\\]|\\.)*)"/g;

/**
 * Whether what is kept of a quarantined line may name a user: it need be no JSON, and no row that could be read. A number of other
 * meaning passes for an id too: it is better to keep too little of a line that was not taken.
 */
export function mayName({ text, base64 }: QuarantinedLine, isUser: (id: UserId) => boolean): boolean {
  const kept = text ?? Buffer.from(base64 ?? "", "base64").toString("latin1");
  const ids = new Set([...kept.matchAll(WORD)].map(([word]) => word));
  for (const [, value] of kept.matchAll(FIELD)) ids.add(unescaped(value ?? "").trim());
  return [...ids].some(isUser);
}

/** The line without what is kept of it. */
export function withoutContent({ file, line, code, message }: QuarantinedLine): QuarantinedLine {
  return { file, line, code, message, erased: true };
}

function unescaped(value: string): string {
  try {
    return String(JSON.parse(`"${value}"`));
  } catch {
    return value;
  }
}
