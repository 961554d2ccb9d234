import { pointInTime } from "../../features/catalogue.js";
import { StateNames } from "../../features/state-names.js";
import type { States } from "../../features/states.js";
import type { UserId } from "../../schema/user-id.js";
import type { OwnedRow, SessionRecord } from "../incremental/event-store.js";
import { VersionedCache } from "./versioned-cache.js";

/** Of each: enough for some ten thousand users or sessions that are active at a time. */
const USERS_BYTES_MAX = 128 * 2 ** 20;
const SESSIONS_BYTES_MAX = 32 * 2 ** 20;
/** There are some eighty states; more come of made-up places only, and are forgotten with what was decoded by them. */
const NAMES_MAX = 4_096;

/** A user's decoded states and the last event in them. */
export interface KnownUser {
  readonly states: States;
  readonly last: OwnedRow;
}

/** A session's record, which nobody changes, and the number of its next event. */
export interface KnownSession {
  readonly record: SessionRecord;
  readonly nextRow: number;
}

/** What was decoded by one list of state names: a code means nothing in another. */
export class DecodedRows {
  readonly names = new StateNames();
  readonly catalogue = pointInTime(this.names.names);
  readonly users = new VersionedCache<UserId, KnownUser>(USERS_BYTES_MAX);
  readonly sessions = new VersionedCache<number, KnownSession>(SESSIONS_BYTES_MAX);
}

/**
 * What a process remembers of the live store from one request to the next, so that it need neither be read nor decoded again.
 * Entries are of committed rows, and are used only where the statement that reads or locks the row finds their version in it.
 */
export class LiveMemory {
  #now = new DecodedRows();

  /** To be asked anew by each request, and kept by it to its end. */
  get now(): DecodedRows {
    if (this.#now.names.names.length > NAMES_MAX) this.#now = new DecodedRows();
    return this.#now;
  }
}

/** About what decoded states take in memory, by the length of their bytes. */
export function statesBytes(length: number): number {
  return 6_000 + 2 * length;
}

/** What a session's record takes, by the length of its text. */
export function sessionBytes(length: number): number {
  return 1_000 + 8 * length;
}
