import { EventReader } from "../../src/pipeline/ingest/event-reader.js";
import { EventRows } from "../../src/pipeline/ingest/event-rows.js";
import { FlatJson } from "../../src/pipeline/ingest/flat-json.js";
import { KnownFields } from "../../src/pipeline/ingest/known-fields.js";
import type { FieldMap, PartProgress } from "../../src/pipeline/ingest/part.js";
import { PartReader } from "../../src/pipeline/ingest/part-reader.js";
import { LineSplitter } from "../../src/pipeline/ingest/split-lines.js";
import { type EventBatch, NUMBER_COLUMN_NAMES } from "../../src/store/event-batch.js";
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
  return Array.from({ length: batch.rows }, (_, i) => [
    ...NUMBER_COLUMN_NAMES.map((name) => batch[name][i]),
    ...batch.codes.map((codes, column) => batch.words[column]?.[codes[i] ?? -1] ?? null),
  ]);
}
