import { md5 } from "@noble/hashes/legacy.js";
import { utf8ToBytes } from "@noble/hashes/utils.js";

/**
 * The low 52 bits of a text's MD5, as a whole number: how an artist or a song is known to the folds.
 * MD5 because DuckDB (`md5`) and Spark (`md5`) give the same number; it guards nothing.
 */
export function low52(text: string): number {
  const d = md5(utf8ToBytes(text));
  const byte = (i: number) => d[i] as number;
  const high = (byte(9) & 0x0f) * 65536 + byte(10) * 256 + byte(11);
  const low = byte(12) * 16777216 + byte(13) * 65536 + byte(14) * 256 + byte(15);
  return high * 4294967296 + low;
}
