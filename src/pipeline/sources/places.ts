import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { writeAtomically } from "../../store/atomic-file.js";

/**
 * Remembers in a home how far a source has been read for a sink, so that the next time goes on there. Losing it costs time only:
 * what is read again is a duplicate.
 */
export class Place<T> {
  readonly #file: string;
  readonly #of: string;

  /** @param of the source and the sink; each such pair has a place of its own */
  constructor(home: string, of: { readonly source: string; readonly sink: string }) {
    this.#of = `${of.source} to ${of.sink}`;
    const name = createHash("sha256").update(this.#of).digest("hex").slice(0, 16);
    this.#file = join(home, "sources", `${name}.json`);
  }

  /** Null where nothing is remembered. */
  read(): T | null {
    if (!existsSync(this.#file)) return null;
    try {
      const { of, place } = JSON.parse(readFileSync(this.#file, "utf8")) as { of: string; place: T };
      return of === this.#of ? place : null;
    } catch {
      return null;
    }
  }

  write(place: T): void {
    writeAtomically(this.#file, `${JSON.stringify({ of: this.#of, place })}\n`);
  }
}
