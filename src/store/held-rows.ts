import { assert } from "../base/assert.js";
import type { NumberArray } from "./column-chunks.js";
import { type EventBatch, ROW_COLUMN_NAMES } from "./event-batch.js";

/** Above this, about 0.4 GiB, rows are not held, and what needs them reads the lake. */
const HELD_ROWS_MAX = 8_000_000;

type Column = Exclude<(typeof ROW_COLUMN_NAMES)[number], "line">;
const COLUMNS = ROW_COLUMN_NAMES.filter((name): name is Column => name !== "line");

/** What identity and the folds need of the staged rows, in the order they were staged; words and tuples as their codes. */
export class HeldRows {
  /** How many rows there are; null when there were too many to hold. */
  count: number | null = 0;
  private readonly pieces = new Map<Column, NumberArray[]>(COLUMNS.map((name) => [name, []]));

  /** @param batch whose codes are those of the staging; its memory is kept. */
  add(batch: EventBatch): void {
    if (this.count === null) return;
    if (this.count + batch.rows > HELD_ROWS_MAX) {
      this.count = null;
      this.pieces.clear();
      return;
    }
    for (const name of COLUMNS) this.pieces.get(name)?.push(batch[name].subarray(0, batch.rows));
    this.count += batch.rows;
  }

  /** The numbers of a column. */
  numbers<T extends NumberArray>(name: Column, into: new (length: number) => T): T {
    const out = this.room(into);
    let at = 0;
    for (const piece of this.piecesOf(name)) {
      out.set(piece, at);
      at += piece.length;
    }
    return out;
  }

  /** What the codes of a column stand for: `blank` where there is none. */
  decoded<T extends NumberArray>(name: Column, meaning: T, blank = 0): T {
    // hot loop
    const out = this.room(meaning.constructor as new (length: number) => T);
    let at = 0;
    for (const piece of this.piecesOf(name)) {
      for (let i = 0; i < piece.length; i++) out[at++] = piece[i]! < 0 ? blank : meaning[piece[i]!]!;
    }
    return out;
  }

  /** Lets go of a column that is not needed any longer. */
  drop(...names: readonly Column[]): void {
    for (const name of names) this.pieces.delete(name);
  }

  private piecesOf(name: Column): readonly NumberArray[] {
    const pieces = this.pieces.get(name);
    assert(pieces !== undefined, `the column ${name} is not held any longer`);
    return pieces;
  }

  private room<T extends NumberArray>(into: new (length: number) => T): T {
    assert(this.count !== null, "the rows were not held");
    return new into(this.count);
  }
}
