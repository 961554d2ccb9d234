import { batchBuffers } from "../../store/event-batch.js";
import type { SendProgress } from "../serve-tasks.js";
import type { EventReader, RawEvent } from "./event-reader.js";
import type { FlatJson } from "./flat-json.js";
import { jsonLine } from "./json-line.js";
import type { KnownFields } from "./known-fields.js";
import type { PartProgress } from "./part.js";
import { type Reject, rejectBytes } from "./rejects.js";
import type { PieceEnd } from "./splitter.js";

const SEND_ROWS = 12_288;
const SEND_REJECTS = 2_048;

/** What lives as long as a thread: the words met, and the quick way to them. */
export interface Readers {
  readonly events: EventReader;
  /** Null for a log that has no lines of JSON. */
  readonly flat: FlatJson | null;
}

/** Turns the pieces of one part into checked rows and rejects, and sends them off in portions. */
export class PartReader {
  lines = 0;
  private readonly events: EventReader;
  private readonly fields: KnownFields;
  private readonly flat: FlatJson | null;
  private readonly send: SendProgress;
  private rejects: Reject[] = [];

  constructor({ events, flat }: Readers, fields: KnownFields, send: SendProgress) {
    this.events = events;
    this.fields = fields;
    this.flat = flat;
    this.send = send;
  }

  /** A piece that should be one JSON object. */
  takeJson(bytes: Buffer, start: number, end: number, how: PieceEnd): void {
    if (how === "too-long") this.reject("LINE_TOO_LONG", bytes.subarray(start, end), true);
    else if (this.flat?.read(bytes, start, end, this.lines)) this.lines++;
    else {
      const flaw = this.readJson(bytes, start, end, how);
      if (flaw !== null) this.reject(flaw, bytes.subarray(start, end));
      else this.lines++;
    }
  }

  /** A row under the log's names. */
  takeRow(row: RawEvent): string | null {
    const flaw = this.events.read(row, this.lines);
    if (flaw === null) this.lines++;
    return flaw;
  }

  reject(code: string, bytes: Buffer, isCut = false): void {
    this.rejects.push(rejectBytes(this.lines, code, bytes, isCut));
    this.lines++;
  }

  /** Sends what has gathered if it is enough, or at any rate at the end; waits until more may follow. */
  async flush(isEnd: boolean): Promise<void> {
    if (isEnd) this.flat?.takeCounts(this.fields);
    const isEnough = this.events.rows.count >= SEND_ROWS || this.rejects.length >= SEND_REJECTS;
    if (isEnough || (isEnd && this.events.rows.count + this.rejects.length > 0)) {
      const batch = this.events.rows.take();
      const progress: PartProgress = { batch, rejects: this.rejects };
      this.rejects = [];
      await this.send(progress, batchBuffers(batch));
    }
  }

  private readJson(bytes: Buffer, start: number, end: number, how: PieceEnd): string | null {
    const row = jsonLine(bytes, { start, end, how, isFirst: this.lines === 0 });
    return typeof row === "string" ? row : this.events.read(this.fields.select(row), this.lines);
  }
}
