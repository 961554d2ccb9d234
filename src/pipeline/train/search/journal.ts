import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { writeAtomically } from "../../../store/atomic-file.js";

/** Scores that a search has already got: one that was killed goes on where it was. */
export interface Journal {
  read(name: string): Float64Array | null;
  write(name: string, scores: Float64Array): void;
}

export interface Journals {
  /** @param key says what is searched, to the byte */
  open(key: string): Journal;
  /** Removes what was opened: what it was for is done. */
  clear(): void;
}

const NOTHING: Journal = { read: () => null, write: () => {} };

/** Where there is no home to keep anything in. */
export const NO_JOURNALS: Journals = { open: () => NOTHING, clear: () => {} };

/** On disk, a folder a key, a file a trial: float64 in this machine's byte order. */
export function journalsIn(folder: string): Journals {
  const opened = new Set<string>();
  return {
    open(key) {
      const own = join(folder, key);
      opened.add(own);
      const pathOf = (name: string): string => join(own, `${name}.f64`);
      return {
        read(name) {
          if (!existsSync(pathOf(name))) return null;
          return new Float64Array(new Uint8Array(readFileSync(pathOf(name))).buffer);
        },
        write: (name, scores) =>
          writeAtomically(pathOf(name), new Uint8Array(scores.buffer, scores.byteOffset, scores.byteLength)),
      };
    },
    clear() {
      for (const own of opened) rmSync(own, { recursive: true, force: true });
    },
  };
}
