import type { Log } from "./find-logs.js";
import { isGzip } from "./log-bytes.js";
import type { Part } from "./part.js";

/** A tenth of a second of work: small enough to share out evenly, large enough not to count. */
const RANGE_BYTES = 6 << 20;

/** The parts of the logs, in order, and which log each is of. A log of lines is read in ranges, another one whole. */
export function partsOf(logs: readonly Log[]): { readonly parts: Part[]; readonly logOfPart: number[] } {
  const parts: Part[] = [];
  const logOfPart: number[] = [];
  logs.forEach(({ path, kind, bytes }, log) => {
    const isRanged = kind === "lines" && !isGzip(path);
    const ranges = isRanged ? Math.max(1, Math.ceil(bytes / RANGE_BYTES)) : 1;
    for (let range = 0; range < ranges; range++) {
      const toByte = isRanged ? Math.min(bytes, (range + 1) * RANGE_BYTES) : Number.POSITIVE_INFINITY;
      parts.push({ path, kind, fromByte: range * RANGE_BYTES, toByte });
      logOfPart.push(log);
    }
  });
  return { parts, logOfPart };
}
