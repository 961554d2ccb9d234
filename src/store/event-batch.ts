/** The texts of an event in the order of the lake's columns: column name → field of the event. */
export const TEXT_COLUMNS = {
  user_id: "userId",
  page: "page",
  auth: "auth",
  method: "method",
  level: "level",
  location: "location",
  user_agent: "userAgent",
  first_name: "firstName",
  last_name: "lastName",
  gender: "gender",
  artist: "artist",
  song: "song",
} as const;

export type TextColumn = keyof typeof TEXT_COLUMNS;
export const TEXT_COLUMN_NAMES = Object.keys(TEXT_COLUMNS) as TextColumn[];

/**
 * Columns whose values mostly come together: a row says only which of the tuples met before is its own. There are few requests,
 * and hardly more profiles than users. `status` is −1 and `registration` NaN where there is none.
 */
export const TUPLES = {
  request: ["page", "auth", "method", "level", "status"],
  profile: ["user_id", "location", "user_agent", "first_name", "last_name", "gender", "registration"],
} as const satisfies Record<string, readonly (TextColumn | "status" | "registration")[]>;

export type TupleName = keyof typeof TUPLES;
export const TUPLE_NAMES = Object.keys(TUPLES) as TupleName[];

/** Texts that are each row's own. */
export const OWN_TEXTS = ["artist", "song"] as const satisfies readonly TextColumn[];

/**
 * Checked events, column by column, light to hand between threads: a text is its place in the sender's list of words, a tuple
 * its place in the sender's list of tuples, and only words and tuples not sent before travel.
 */
export interface EventBatch {
  rows: number;
  /** Line (JSONL) or data row (CSV, Parquet) within what the sender was asked to read, from 0. */
  readonly line: Float64Array;
  readonly tsMs: Float64Array;
  readonly sessionId: Float64Array;
  readonly item: Int32Array;
  /** −1 where there is none. */
  readonly length10us: Int32Array;
  /** Words; −1 where there is none. */
  readonly artist: Int32Array;
  readonly song: Int32Array;
  /** Tuples. */
  readonly request: Int32Array;
  readonly profile: Int32Array;
  /** Words new since the sender's last batch, one list a text column. */
  words: readonly (readonly string[])[];
  /** Tuples new since the sender's last batch, one after the other, with texts as words. */
  tuples: Readonly<Record<TupleName, Float64Array>>;
}

export const ROW_COLUMN_NAMES = [
  "line",
  "tsMs",
  "sessionId",
  "item",
  "length10us",
  "artist",
  "song",
  "request",
  "profile",
] as const satisfies readonly (keyof EventBatch)[];

const NO_TUPLES = { request: new Float64Array(0), profile: new Float64Array(0) };

export function emptyBatch(capacity: number): EventBatch {
  return {
    rows: 0,
    line: new Float64Array(capacity),
    tsMs: new Float64Array(capacity),
    sessionId: new Float64Array(capacity),
    item: new Int32Array(capacity),
    length10us: new Int32Array(capacity),
    artist: new Int32Array(capacity),
    song: new Int32Array(capacity),
    request: new Int32Array(capacity),
    profile: new Int32Array(capacity),
    words: [],
    tuples: NO_TUPLES,
  };
}

/** The same rows with twice the room. */
export function doubledBatch(batch: EventBatch): EventBatch {
  const larger = emptyBatch(batch.line.length * 2);
  larger.rows = batch.rows;
  larger.words = batch.words;
  larger.tuples = batch.tuples;
  for (const name of ROW_COLUMN_NAMES) larger[name].set(batch[name]);
  return larger;
}

/** The memory of a batch, to be given away rather than copied. */
export function batchBuffers(batch: EventBatch): ArrayBuffer[] {
  return ROW_COLUMN_NAMES.map((name) => batch[name].buffer as ArrayBuffer);
}
