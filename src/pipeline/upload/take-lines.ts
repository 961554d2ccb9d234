import type { Taken } from "../live/service.js";
import { type BatchBounds, lineBatches, type RejectedLine } from "./line-batches.js";

/** What became of the lines so far. What is counted is committed. */
export interface LinesTaken {
  /** Lines dealt with: the first so many. `lines = accepted + duplicates + rejectedLines`. */
  readonly lines: number;
  readonly accepted: number;
  readonly duplicates: number;
  readonly rejectedLines: number;
  /** The first of the lines that were not taken. */
  readonly rejected: readonly RejectedLine[];
  /** Reason code → lines that were not taken for it. */
  readonly reasons: Readonly<Record<string, number>>;
}

/** In one transaction: large enough that its own cost does not count, small enough that others get their turn. */
const BOUNDS: BatchBounds = { linesMax: 2_000, bytesMax: 4 << 20 };
const REJECTED_MAX = 100;

/** Takes lines from a stream, batch by batch, and knows at any time what became of them. */
export class LineTaker {
  #lines = 0;
  #accepted = 0;
  #duplicates = 0;
  #rejectedLines = 0;
  readonly #rejected: RejectedLine[] = [];
  readonly #reasons = new Map<string, number>();

  get taken(): LinesTaken {
    return {
      lines: this.#lines,
      accepted: this.#accepted,
      duplicates: this.#duplicates,
      rejectedLines: this.#rejectedLines,
      rejected: this.#rejected,
      reasons: Object.fromEntries(this.#reasons),
    };
  }

  /**
   * Gives one batch after the other to `add`, which resolves once it is committed; the stream waits meanwhile. Throws what
   * the stream and `add` throw: then `taken` tells how far it got, and sending everything again is safe.
   */
  async take(chunks: AsyncIterable<Buffer>, add: (items: readonly unknown[]) => Promise<Taken>): Promise<LinesTaken> {
    for await (const { items, lineOf, rejected, through } of lineBatches(chunks, BOUNDS)) {
      const taken = items.length === 0 ? NOTHING : await add(items);
      const refused = taken.rejected.map(({ index, code, message }) => ({ line: lineOf[index] ?? 0, code, message }));
      this.#accepted += taken.accepted;
      this.#duplicates += taken.duplicates;
      const all = refused.length === 0 ? rejected : [...rejected, ...refused].sort((a, b) => a.line - b.line);
      for (const one of all) this.#reject(one);
      this.#lines = through;
    }
    return this.taken;
  }

  #reject(one: RejectedLine): void {
    this.#rejectedLines++;
    this.#reasons.set(one.code, (this.#reasons.get(one.code) ?? 0) + 1);
    if (this.#rejected.length < REJECTED_MAX) this.#rejected.push(one);
  }
}

const NOTHING: Taken = { accepted: 0, duplicates: 0, rejected: [] };
