import { type EventField, PAGE_CHARS_MAX, TEXT_CHARS_MAX, USER_ID_CHARS_MAX } from "../../schema/event-limits.js";
import { AUTHS, LEVELS } from "../../schema/pages.js";
import { doubledBatch, type EventBatch, emptyBatch, TEXT_COLUMN_NAMES, TEXT_COLUMNS } from "../../store/event-batch.js";
import { WordList } from "./word-list.js";

const CAPACITY_ROWS = 16_384;

/** Checked rows as they gather, column by column, and the words that they are made of. */
export class EventRows {
  /** One list a text column, in the order of `TEXT_COLUMN_NAMES`. */
  readonly words: readonly WordList[] = TEXT_COLUMN_NAMES.map((name) => wordListOf(TEXT_COLUMNS[name]));
  /** The texts of the row to be added next, as codes of `words`. */
  readonly codes = new Int32Array(TEXT_COLUMN_NAMES.length);
  private batch = emptyBatch(CAPACITY_ROWS);

  get count(): number {
    return this.batch.rows;
  }

  /** Adds a row of the current `codes` and these numbers, in the units and with the blanks of `EventBatch`. */
  push(row: {
    readonly line: number;
    readonly tsMs: number;
    readonly sessionId: number;
    readonly registrationMs: number;
    readonly item: number;
    readonly length10us: number;
    readonly status: number;
  }): void {
    const batch = this.room();
    const at = batch.rows++;
    batch.line[at] = row.line;
    batch.tsMs[at] = row.tsMs;
    batch.sessionId[at] = row.sessionId;
    batch.registrationMs[at] = row.registrationMs;
    batch.item[at] = row.item;
    batch.length10us[at] = row.length10us;
    batch.status[at] = row.status;
    for (let column = 0; column < this.codes.length; column++) {
      (batch.codes[column] as Int32Array)[at] = this.codes[column] as number;
    }
  }

  /** Hands over what was added since the last call, with the words new since then. */
  take(): EventBatch {
    const batch = this.batch;
    batch.words = this.words.map((list) => list.takeFresh());
    this.batch = emptyBatch(CAPACITY_ROWS);
    return batch;
  }

  private room(): EventBatch {
    const { batch } = this;
    if (batch.rows === batch.line.length) this.batch = doubledBatch(batch);
    return this.batch;
  }
}

function wordListOf(field: EventField): WordList {
  if (field === "auth") return new WordList(TEXT_CHARS_MAX, AUTHS);
  if (field === "level") return new WordList(TEXT_CHARS_MAX, LEVELS);
  if (field === "page") return new WordList(PAGE_CHARS_MAX);
  return new WordList(field === "userId" ? USER_ID_CHARS_MAX : TEXT_CHARS_MAX);
}
