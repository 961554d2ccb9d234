import { assert } from "../base/assert.js";
import type { EventBatch, TextColumn } from "./event-batch.js";
import { TEXT_COLUMN_NAMES } from "./event-batch.js";

/** Above this, about 0.6 GiB, rows are not held, and what needs them reads the lake. */
const HELD_ROWS_MAX = 8_000_000;

const NUMBERS = ["tsMs", "sessionId", "registrationMs", "item", "length10us", "status"] as const;
const TEXTS = [
  "user_id",
  "page",
  "auth",
  "level",
  "location",
  "gender",
  "artist",
  "song",
] as const satisfies TextColumn[];

type Column = (typeof NUMBERS)[number] | (typeof TEXTS)[number];
type Values = Float64Array | Int32Array | Int16Array | Uint16Array | Uint8Array;

/** What identity and the folds need of the staged rows, in the order they were staged; texts as their codes. */
export class HeldRows {
  /** How many rows there are; null when there were too many to hold. */
  count: number | null = 0;
  private readonly pieces = new Map<Column, Values[]>([...NUMBERS, ...TEXTS].map((name) => [name, []]));

  /** @param batch whose codes are those of the staging; its memory is kept. */
  add(batch: EventBatch): void {
    if (this.count === null) return;
    if (this.count + batch.rows > HELD_ROWS_MAX) {
      this.count = null;
      this.pieces.clear();
      return;
    }
    for (const name of NUMBERS) this.pieces.get(name)?.push(batch[name].subarray(0, batch.rows));
    for (const name of TEXTS) {
      const codes = batch.codes[TEXT_COLUMN_NAMES.indexOf(name)] as Int32Array;
      this.pieces.get(name)?.push(codes.subarray(0, batch.rows));
    }
    this.count += batch.rows;
  }

  /** The numbers of a column, which is not held any longer then. */
  takeNumbers<T extends Values>(name: (typeof NUMBERS)[number], into: new (length: number) => T): T {
    const out = this.room(into);
    let at = 0;
    for (const piece of this.pieces.get(name) ?? []) {
      out.set(piece, at);
      at += piece.length;
    }
    this.pieces.delete(name);
    return out;
  }

  /** What each code of a text column stands for, of which code −1 is the first; the column is not held any longer then. */
  takeTexts<T extends Values>(name: (typeof TEXTS)[number], meaning: T): T {
    // hot loop
    const out = this.room(meaning.constructor as new (length: number) => T);
    let at = 0;
    for (const piece of this.pieces.get(name) ?? []) {
      for (let i = 0; i < piece.length; i++) out[at++] = meaning[piece[i]! + 1]!;
    }
    this.pieces.delete(name);
    return out;
  }

  private room<T extends Values>(into: new (length: number) => T): T {
    assert(this.count !== null, "the rows were not held");
    return new into(this.count);
  }
}
