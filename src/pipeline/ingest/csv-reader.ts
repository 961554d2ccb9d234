import { RefrainError } from "../../base/errors.js";
import { type EventField, REQUIRED_FIELDS } from "../../schema/event-limits.js";
import { csvCells, delimiterOf } from "./csv-cells.js";
import type { RawEvent } from "./event-reader.js";
import { BOM_BYTES, startsWithBom, textOf } from "./json-line.js";
import type { KnownFields } from "./known-fields.js";
import type { PartReader } from "./part-reader.js";
import type { PieceEnd } from "./splitter.js";

/** Reads the records of a CSV log: the first is the header, each other one a row of texts. */
export class CsvReader {
  private readonly path: string;
  private readonly part: PartReader;
  private readonly fields: KnownFields;
  private columns: readonly string[] | null = null;
  private targets: readonly (EventField | undefined)[] = [];
  private delimiter = ",";

  constructor(path: string, part: PartReader, fields: KnownFields) {
    this.path = path;
    this.part = part;
    this.fields = fields;
  }

  /** False when the record is malformed; the splitter then says which bytes are given up. */
  takeRecord(record: Buffer): boolean {
    if (this.columns === null) return this.takeHeader(record);
    const bytes = withoutReturn(record);
    const text = textOf(bytes, 0, bytes.length);
    if (text === null) {
      if (record.includes(10)) return false;
      this.part.reject("INVALID_UTF8", bytes);
      return true;
    }
    if (text.trim() === "") {
      this.part.reject("BLANK_LINE", bytes);
      return true;
    }
    const cells = csvCells(text, this.delimiter);
    if (cells === null || cells.length !== this.columns.length) return false;
    const flaw = this.part.takeRow(this.rowOf(cells));
    if (flaw !== null) this.part.reject(flaw, bytes);
    return true;
  }

  /** A line that no record could be made of. */
  takeBroken(bytes: Buffer, start: number, end: number, how: PieceEnd): void {
    const line = bytes.subarray(start, end);
    if (this.columns === null) this.takeHeader(line);
    else if (how === "too-long") this.part.reject("LINE_TOO_LONG", line, true);
    else {
      const text = textOf(line, 0, line.length);
      const hasWrongQuotes = text === null || csvCells(text.trimEnd(), this.delimiter) === null;
      this.part.reject(text === null ? "INVALID_UTF8" : hasWrongQuotes ? "CSV_QUOTE" : "CSV_CELLS", line);
    }
  }

  /** Columns that are none of ours, once a row, as the fields of JSON lines are counted. */
  countUnknown(): void {
    this.columns?.forEach((name, i) => {
      if (this.targets[i] === undefined && this.part.lines > 0) this.fields.count(name, this.part.lines);
    });
  }

  private takeHeader(record: Buffer): boolean {
    const bytes = withoutReturn(startsWithBom(record, 0) ? record.subarray(BOM_BYTES) : record);
    const header = bytes.toString("utf8");
    this.delimiter = delimiterOf(header);
    const cells = csvCells(header, this.delimiter) ?? header.split(this.delimiter);
    this.columns = cells.map((cell) => (cell ?? "").trim());
    this.targets = this.columns.map((name) => this.fields.sources.get(name));
    refuseMissingColumns(this.path, this.columns, this.fields);
    return true;
  }

  private rowOf(cells: readonly (string | null)[]): RawEvent {
    const row: Partial<Record<EventField, string | null>> = {};
    this.targets.forEach((field, i) => {
      if (field !== undefined) row[field] = cells[i] ?? null;
    });
    return row;
  }
}

/** Throws `COLUMNS_WRONG` when a table lacks a column that every event has. */
export function refuseMissingColumns(path: string, columns: readonly string[], fields: KnownFields): void {
  const found = new Set(columns.map((name) => fields.sources.get(name)));
  // A row may lack its user, a table may not: without the column nobody in it is known.
  const missing = [...REQUIRED_FIELDS, "userId" as const].filter((field) => !found.has(field));
  if (missing.length === 0) return;
  const shown = columns.map((name) => name.slice(0, 100)).slice(0, 50);
  throw new RefrainError("COLUMNS_WRONG", { path, missing: missing.join(", "), columns: shown.join(", ") });
}

function withoutReturn(record: Buffer): Buffer {
  return record.at(-1) === 13 ? record.subarray(0, -1) : record;
}
