// hot loop
import { type EventField, PAGE_CHARS_MAX, TEXT_CHARS_MAX, USER_ID_CHARS_MAX } from "../../schema/event-limits.js";
import { AUTHS, LEVELS } from "../../schema/pages.js";
import {
  doubledBatch,
  type EventBatch,
  emptyBatch,
  TEXT_COLUMN_NAMES,
  TEXT_COLUMNS,
  type TextColumn,
  TUPLES,
  type TupleName,
} from "../../store/event-batch.js";
import { TupleList } from "../../store/tuple-list.js";
import { WordList } from "./word-list.js";

const CAPACITY_ROWS = 16_384;
const ARTIST = TEXT_COLUMN_NAMES.indexOf("artist");
const SONG = TEXT_COLUMN_NAMES.indexOf("song");

/** Checked rows as they gather, column by column, and the words and tuples that they are made of. */
export class EventRows {
  /** One list a text column, in the order of `TEXT_COLUMN_NAMES`. */
  readonly words: readonly WordList[] = TEXT_COLUMN_NAMES.map((name) => wordListOf(TEXT_COLUMNS[name]));
  /** The texts of the row to be added next, as codes of `words`. */
  readonly codes = new Int32Array(TEXT_COLUMN_NAMES.length);
  private readonly request = new RowTuple("request");
  private readonly profile = new RowTuple("profile");
  private batch: EventBatch;

  /** @param capacity rows that there is room for from the start; more may come */
  constructor(capacity = CAPACITY_ROWS) {
    this.batch = emptyBatch(Math.max(1, capacity));
  }

  get count(): number {
    return this.batch.rows;
  }

  /** Adds a row of the current `codes` and these numbers, in the units and with the blanks of `EventBatch` and `TUPLES`. */
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
    const { codes } = this;
    const at = batch.rows++;
    batch.line[at] = row.line;
    batch.tsMs[at] = row.tsMs;
    batch.sessionId[at] = row.sessionId;
    batch.item[at] = row.item;
    batch.length10us[at] = row.length10us;
    batch.artist[at] = codes[ARTIST]!;
    batch.song[at] = codes[SONG]!;
    batch.request[at] = this.request.codeOf(codes, row.status);
    batch.profile[at] = this.profile.codeOf(codes, row.registrationMs);
  }

  /** Hands over what was added since the last call, with the words and tuples new since then. */
  take(): EventBatch {
    const batch = this.batch;
    batch.words = this.words.map((list) => list.takeFresh());
    batch.tuples = { request: this.request.list.takeFresh(), profile: this.profile.list.takeFresh() };
    this.batch = emptyBatch(CAPACITY_ROWS);
    return batch;
  }

  private room(): EventBatch {
    const { batch } = this;
    if (batch.rows === batch.line.length) this.batch = doubledBatch(batch);
    return this.batch;
  }
}

/** The tuple of one row: its texts, then its number. */
class RowTuple {
  readonly list: TupleList;
  private readonly columns: Int32Array;
  private readonly values: Float64Array;

  constructor(name: TupleName) {
    const texts = TUPLES[name].slice(0, -1) as TextColumn[];
    this.columns = Int32Array.from(texts, (column) => TEXT_COLUMN_NAMES.indexOf(column));
    this.values = new Float64Array(TUPLES[name].length);
    this.list = new TupleList(this.values.length);
  }

  codeOf(codes: Int32Array, number: number): number {
    const { columns, values } = this;
    for (let i = 0; i < columns.length; i++) values[i] = codes[columns[i]!]!;
    values[columns.length] = number;
    return this.list.codeOf(values);
  }
}

function wordListOf(field: EventField): WordList {
  if (field === "auth") return new WordList(TEXT_CHARS_MAX, AUTHS);
  if (field === "level") return new WordList(TEXT_CHARS_MAX, LEVELS);
  if (field === "page") return new WordList(PAGE_CHARS_MAX);
  return new WordList(field === "userId" ? USER_ID_CHARS_MAX : TEXT_CHARS_MAX);
}
