import { MS_PER_DAY } from "../../base/time.js";
import { type EventField, ITEM_MAX, LENGTH_SECONDS_MAX, STATUS_MAX } from "../../schema/event-limits.js";
import type { EventRows } from "./event-rows.js";
import { instantOf, numberOf, userIdOf, wholeNumberOf } from "./field-values.js";
import { BAD, MISSING } from "./reasons.js";
import { BAD_WORD, type WordList } from "./word-list.js";

/** What is read of a row; anything may stand in any field. */
export type RawEvent = { readonly [field in EventField]?: unknown };

/** Milliseconds of 1973; nobody streamed music then, and seconds of our days are below it. */
export const TS_MS_MIN = 1e11;

/**
 * Checks rows and keeps the good ones as columns. Its checks are those of `eventSchema`, written out because the schema
 * takes longer than parsing the JSON; a property test holds the two together.
 */
export class EventReader {
  readonly rows: EventRows;
  /** The latest `ts` that is taken for true. */
  readonly latestMs: number;
  private blank = false;

  constructor(nowMs: number, rows: EventRows) {
    this.latestMs = nowMs + MS_PER_DAY;
    this.rows = rows;
  }

  /** Takes a row, or says why not: a reason code of the first field, in the schema's order, that is wrong. */
  read(row: RawEvent, line: number): string | null {
    const ts = instantOf(row.ts);
    const sessionId = wholeNumberOf(row.sessionId, Number.MAX_SAFE_INTEGER);
    const item = wholeNumberOf(row.itemInSession, ITEM_MAX);
    const status = row.status === undefined || row.status === null ? -1 : wholeNumberOf(row.status, STATUS_MAX);
    const lengthSeconds = numberOf(row.length);
    const registration = instantOf(row.registration);
    const flaw =
      this.flawOfTime(row, ts) ??
      this.flawOfKey(row, sessionId, item) ??
      this.flawOfRest(row, status, registration, lengthSeconds);
    if (flaw !== null) return flaw;
    const length10us = lengthSeconds >= 0 ? Math.round(lengthSeconds * 1e5) : -1;
    this.rows.push({ line, tsMs: ts, sessionId, registrationMs: registration, item, length10us, status });
    return null;
  }

  private flawOfTime(row: RawEvent, ts: number): string | null {
    if (Number.isNaN(ts)) return flawOf(row, "ts");
    if (ts < 0) return "TS_NEGATIVE";
    if (ts < TS_MS_MIN) return "TS_IN_SECONDS";
    return ts > this.latestMs ? "TS_IN_FUTURE" : null;
  }

  private flawOfKey(row: RawEvent, sessionId: number, item: number): string | null {
    const userId = userIdOf(row.userId);
    if (userId === null) return BAD.userId;
    this.blank = userId === "";
    this.rows.codes[0] = this.code(0, userId);
    if (sessionId === -1) return flawOf(row, "sessionId");
    if (item === -1) return flawOf(row, "itemInSession");
    this.rows.codes[1] = this.code(1, row.page);
    return row.page === "" || (this.rows.codes[1] as number) < 0 ? flawOf(row, "page") : null;
  }

  private flawOfRest(row: RawEvent, status: number, registration: number, length: number): string | null {
    const auth = row.auth ?? (this.blank ? "Logged Out" : "Logged In");
    if (this.text(2, auth)) return BAD.auth;
    if (this.text(3, row.method)) return BAD.method;
    if (status === -1 && isThere(row.status)) return BAD.status;
    if (this.text(4, row.level)) return BAD.level;
    if (this.text(5, row.location)) return BAD.location;
    if (this.text(6, row.userAgent)) return BAD.userAgent;
    if (this.text(7, row.firstName)) return BAD.firstName;
    if (this.text(8, row.lastName)) return BAD.lastName;
    if (this.text(9, row.gender)) return BAD.gender;
    if (isThere(row.registration) && Number.isNaN(registration)) return BAD.registration;
    if (this.text(10, row.artist)) return BAD.artist;
    if (this.text(11, row.song)) return BAD.song;
    if (isThere(row.length) && !(length >= 0 && length <= LENGTH_SECONDS_MAX)) {
      return length < 0 ? "NEGATIVE_LENGTH" : BAD.length;
    }
    return null;
  }

  private code(column: number, value: unknown): number {
    return (this.rows.words[column] as WordList).codeOf(value);
  }

  /** Keeps the text's code; true when it is no acceptable text. */
  private text(column: number, value: unknown): boolean {
    const code = this.code(column, value);
    this.rows.codes[column] = code;
    return code === BAD_WORD;
  }
}

function isThere(value: unknown): boolean {
  return value !== undefined && value !== null;
}

function flawOf(row: RawEvent, field: EventField): string {
  return (isThere(row[field]) ? BAD : MISSING)[field];
}
