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
 * Checked events, column by column, light to hand between threads: a text is its place in the sender's list of words,
 * and only words not sent before travel.
 */
export interface EventBatch {
  rows: number;
  /** Line (JSONL) or data row (CSV, Parquet) within what the sender was asked to read, from 0. */
  readonly line: Float64Array;
  readonly tsMs: Float64Array;
  readonly sessionId: Float64Array;
  /** NaN where there is none. */
  readonly registrationMs: Float64Array;
  readonly item: Int32Array;
  /** −1 where there is none. */
  readonly length10us: Int32Array;
  /** −1 where there is none. */
  readonly status: Int16Array;
  /** One array a text column; −1 where there is none. */
  readonly codes: readonly Int32Array[];
  /** Words new since the sender's last batch, one list a text column. */
  words: readonly (readonly string[])[];
}

export const NUMBER_COLUMN_NAMES = [
  "line",
  "tsMs",
  "sessionId",
  "registrationMs",
  "item",
  "length10us",
  "status",
] as const satisfies readonly (keyof EventBatch)[];

export function emptyBatch(capacity: number): EventBatch {
  return {
    rows: 0,
    line: new Float64Array(capacity),
    tsMs: new Float64Array(capacity),
    sessionId: new Float64Array(capacity),
    registrationMs: new Float64Array(capacity),
    item: new Int32Array(capacity),
    length10us: new Int32Array(capacity),
    status: new Int16Array(capacity),
    codes: TEXT_COLUMN_NAMES.map(() => new Int32Array(capacity)),
    words: [],
  };
}

/** The same rows with twice the room. */
export function doubledBatch(batch: EventBatch): EventBatch {
  const larger = emptyBatch(batch.line.length * 2);
  larger.rows = batch.rows;
  larger.words = batch.words;
  for (const name of NUMBER_COLUMN_NAMES) larger[name].set(batch[name]);
  larger.codes.forEach((codes, column) => {
    codes.set(batch.codes[column] as Int32Array);
  });
  return larger;
}

/** The memory of a batch, to be given away rather than copied. */
export function batchBuffers(batch: EventBatch): ArrayBuffer[] {
  return [...NUMBER_COLUMN_NAMES.map((name) => batch[name]), ...batch.codes].map(({ buffer }) => buffer as ArrayBuffer);
}
