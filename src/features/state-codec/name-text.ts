import { type ByteReader, broken } from "./byte-reader.js";
import type { ByteWriter } from "./byte-writer.js";

const ASCII_MAX = 0x7f;
const utf8 = new TextEncoder();
const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** A length in bytes, then UTF-8. */
export function writeText(out: ByteWriter, text: string): void {
  // Names of states are nearly always ASCII, and short: an encoder takes longer to be called than they to be written.
  if (!isAscii(text)) {
    out.block(utf8.encode(text));
    return;
  }
  out.whole(text.length);
  for (let i = 0; i < text.length; i++) out.byte(text.charCodeAt(i));
}

export function readText(from: ByteReader): string {
  const bytes = from.block();
  if (bytes.every((byte) => byte <= ASCII_MAX)) return String.fromCharCode(...bytes);
  try {
    return strict.decode(bytes);
  } catch {
    throw broken("a name is not UTF-8");
  }
}

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > ASCII_MAX) return false;
  return true;
}
