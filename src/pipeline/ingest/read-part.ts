import { RefrainError } from "../../base/errors.js";
import type { SendProgress } from "../serve-tasks.js";
import { CsvReader } from "./csv-reader.js";
import { isJsonArray } from "./json-array.js";
import { KnownFields } from "./known-fields.js";
import { isGzip, logBytes } from "./log-bytes.js";
import type { Part, PartResult, ReadingRules } from "./part.js";
import { PartReader, type Readers } from "./part-reader.js";
import { ArraySplitter } from "./split-array.js";
import { LineSplitter } from "./split-lines.js";
import { RecordSplitter } from "./split-records.js";
import type { Splitter } from "./splitter.js";

/** Reads one part of a log to its end; what cannot be read further is said in the result, beside what was read. */
export async function readPart(
  part: Part,
  rules: ReadingRules,
  readers: Readers,
  send: SendProgress,
): Promise<PartResult> {
  const fields = new KnownFields(rules.map);
  const reader = new PartReader(readers, fields, send);
  const csv = part.kind === "csv" ? new CsvReader(part.path, reader, fields) : null;
  let error: PartResult["error"] = null;
  try {
    await pump(part, reader, csv);
  } catch (caught) {
    if (!(caught instanceof RefrainError)) throw caught;
    error = { code: caught.code, details: caught.details };
  }
  await reader.flush(true);
  csv?.countUnknown();
  return { lines: reader.lines, unknownFields: fields.counts(), error };
}

async function pump(part: Part, reader: PartReader, csv: CsvReader | null): Promise<void> {
  const skipFirst = part.fromByte > 0;
  let splitter: Splitter | null = null;
  for await (const chunk of logBytes(part.path, skipFirst ? part.fromByte - 1 : 0)) {
    splitter ??= splitterFor(part, chunk, reader, csv);
    if (!splitter.push(chunk)) return;
    await reader.flush(false);
  }
  splitter?.end();
}

function splitterFor(part: Part, firstChunk: Buffer, reader: PartReader, csv: CsvReader | null): Splitter {
  if (csv !== null) {
    return new RecordSplitter(
      (record) => csv.takeRecord(record),
      (bytes, start, end, how) => csv.takeBroken(bytes, start, end, how),
    );
  }
  const take = reader.takeJson.bind(reader);
  if (part.kind === "array" || (isGzip(part.path) && isJsonArray(firstChunk))) return new ArraySplitter(take);
  const skipFirst = part.fromByte > 0;
  // The bytes are counted from the one before the range, where the range before may end.
  return new LineSplitter(take, { skipFirst, bytes: part.toByte - part.fromByte + (skipFirst ? 1 : 0) });
}
