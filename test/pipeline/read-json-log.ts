import { EventReader } from "../../src/pipeline/ingest/event-reader.js";
import { EventRows } from "../../src/pipeline/ingest/event-rows.js";
import { FlatJson } from "../../src/pipeline/ingest/flat-json.js";
import { KnownFields } from "../../src/pipeline/ingest/known-fields.js";
import type { FieldMap, PartProgress } from "../../src/pipeline/ingest/part.js";
import { PartReader } from "../../src/pipeline/ingest/part-reader.js";
import { LineSplitter } from "../../src/pipeline/ingest/split-lines.js";
import {
  type EventBatch,
  OWN_TEXTS,
  ROW_COLUMN_NAMES,
  TEXT_COLUMN_NAMES,
  type TextColumn,
  TUPLE_NAMES,
  TUPLES,
} from "../../src/store/event-batch.js";
import { NOW_MS } from "./ingest-fixture.js";

/** What a reader makes of a log: every row with its texts written out, every reject, every count. */
export async function readLog(log: Buffer, { isQuick, map = {} }: { isQuick: boolean; map?: FieldMap }) {
  const events = new EventReader(NOW_MS, new EventRows());
  const fields = new KnownFields(map);
  const flat = isQuick ? new FlatJson(events, map) : null;
  const rows: unknown[] = [];
  const rejects: unknown[] = [];
  const reader = new PartReader({ events, flat }, fields, async (value) => {
    const { batch, rejects: some } = value as PartProgress;
    rows.push(...writtenOut(batch));
    rejects.push(...some);
  });
  const splitter = new LineSplitter(reader.takeJson.bind(reader), {
    skipFirst: false,
    bytes: Number.POSITIVE_INFINITY,
  });
  splitter.push(log);
  splitter.end();
  await reader.flush(true);
  return { rows, rejects, lines: reader.lines, unknown: fields.counts().sort() };
}

/** The rows of a sender's first batch, with their texts. */
export function writtenOut(batch: EventBatch): unknown[][] {
  return Array.from({ length: batch.rows }, (_, i) => Object.entries(rowOf(batch, i)));
}

/** Row `i` of a sender's first batch: its numbers under the names of the batch, its texts under those of the lake. */
export function rowOf(batch: EventBatch, i: number): Record<string, unknown> {
  const own = OWN_TEXTS as readonly string[];
  const numbers = ROW_COLUMN_NAMES.filter((name) => !own.includes(name) && !(name in TUPLES));
  const textOf = (column: string, code: number | undefined) =>
    batch.words[TEXT_COLUMN_NAMES.indexOf(column as TextColumn)]?.[code ?? -1] ?? null;
  const ofTuple = TUPLE_NAMES.flatMap((name) =>
    TUPLES[name].map((column, at) => {
      const value = batch.tuples[name][(batch[name][i] as number) * TUPLES[name].length + at];
      return [column, TEXT_COLUMN_NAMES.includes(column as TextColumn) ? textOf(column, value) : value];
    }),
  );
  return Object.fromEntries([
    ...numbers.map((name) => [name, batch[name][i]]),
    ...OWN_TEXTS.map((name) => [name, textOf(name, batch[name][i])]),
    ...ofTuple,
  ]);
}
