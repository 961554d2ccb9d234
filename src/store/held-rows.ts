// hot loop
import { assert } from "../base/assert.js";
import type { NumberArray } from "./column-chunks.js";
import { type EventBatch, ROW_COLUMN_NAMES } from "./event-batch.js";

/** Above this, about 0.4 GiB, rows are not held, and what needs them reads the lake. */
const HELD_ROWS_MAX = 8_000_000;

type Column = Exclude<(typeof ROW_COLUMN_NAMES)[number], "line">;
const COLUMNS = ROW_COLUMN_NAMES.filter((name): name is Column => name !== "line");

/** What identity and the folds need of the staged rows, in the order they were staged; words and tuples as their codes. */
export class HeldRows {
  /** How many rows there are; null when they are not wanted, or were too many to hold. */
  count: number | null;
  private readonly pieces = new Map<Column, NumberArray[]>(COLUMNS.map((name) => [name, []]));

  constructor(isWanted: boolean) {
    this.count = isWanted ? 0 : null;
  }

  /** @param batch whose codes are those of the staging; its memory is kept. */
  add(batch: EventBatch): void {
    if (this.count === null) return;
    if (this.count + batch.rows > HELD_ROWS_MAX) {
      this.count = null;
      this.pieces.clear();
      return;
    }
    // A batch that is hardly filled, as the last of every file is, would hold much more memory than its rows.
    const isFull = batch.rows * 2 > batch.line.length;
    for (const name of COLUMNS) {
      const values = batch[name];
      this.pieces.get(name)?.push(isFull ? values.subarray(0, batch.rows) : values.slice(0, batch.rows));
    }
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
    const out = this.room(meaning.constructor as new (length: number) => T);
    let at = 0;
    for (const piece of this.piecesOf(name)) {
      decode(piece as Int32Array, meaning, blank, out.subarray(at, at + piece.length));
      at += piece.length;
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

/** One loop a type: a loop over all types is slow. */
function decode(codes: Int32Array, meaning: NumberArray, blank: number, out: NumberArray): void {
  if (meaning instanceof Float64Array) doubles(codes, meaning, blank, out as Float64Array);
  else if (meaning instanceof Int32Array) integers(codes, meaning, blank, out as Int32Array);
  else if (meaning instanceof Uint16Array) words(codes, meaning, blank, out as Uint16Array);
  else bytes(codes, meaning as Uint8Array, blank, out as Uint8Array);
}

function doubles(codes: Int32Array, meaning: Float64Array, blank: number, out: Float64Array): void {
  for (let i = 0; i < codes.length; i++) out[i] = codes[i]! < 0 ? blank : meaning[codes[i]!]!;
}

function integers(codes: Int32Array, meaning: Int32Array, blank: number, out: Int32Array): void {
  for (let i = 0; i < codes.length; i++) out[i] = codes[i]! < 0 ? blank : meaning[codes[i]!]!;
}

function words(codes: Int32Array, meaning: Uint16Array, blank: number, out: Uint16Array): void {
  for (let i = 0; i < codes.length; i++) out[i] = codes[i]! < 0 ? blank : meaning[codes[i]!]!;
}

function bytes(codes: Int32Array, meaning: Uint8Array, blank: number, out: Uint8Array): void {
  for (let i = 0; i < codes.length; i++) out[i] = codes[i]! < 0 ? blank : meaning[codes[i]!]!;
}
