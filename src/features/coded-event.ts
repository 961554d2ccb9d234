import { low52 } from "../base/hash.js";
import type { Event } from "../schema/event.js";
import { authCode, genderCode, levelCode, stateOf } from "../schema/event-codes.js";
import { pageCode } from "../schema/pages.js";
import type { KnownEvent } from "./fold.js";
import type { StateNames } from "./state-names.js";

/** What folds see of an event before it is known whose it is: the same numbers as the lake's, the state by its name. */
export interface EventContent extends Omit<KnownEvent, "knownAtMs" | "state"> {
  /** The state of the location, `""` where there is none. */
  readonly stateName: string;
}

/** A checked event in the codes of the folds, with its key. */
export interface CodedEvent extends EventContent {
  /** The user id as received, `""` where the row names nobody. */
  readonly userId: string;
  /** The page as received: part of the event's key. */
  readonly pageName: string;
}

/** The same artists and songs come again and again, and hashing them takes as long as all else here. */
const hashes = new Map<string, number>();
const HASHES_MAX = 20_000;
const HASHED_CHARS_MAX = 64;

function hashOf(name: string | null | undefined): number {
  if (name === null || name === undefined) return -1;
  if (name.length > HASHED_CHARS_MAX) return low52(name);
  const known = hashes.get(name);
  if (known !== undefined) return known;
  if (hashes.size >= HASHES_MAX) hashes.clear();
  const hash = low52(name);
  hashes.set(name, hash);
  return hash;
}

export function codedEvent(event: Event): CodedEvent {
  const { userId, page, length } = event;
  const auth = event.auth ?? (userId === "" ? "Logged Out" : "Logged In");
  return {
    userId,
    pageName: page,
    tsMs: event.ts + 0,
    sessionId: event.sessionId + 0,
    item: event.itemInSession + 0,
    page: pageCode(page),
    auth: authCode(auth),
    level: levelCode(event.level),
    status: (event.status ?? 0) + 0,
    length10us: length === null || length === undefined ? -1 : Math.round(length * 1e5),
    artist: hashOf(event.artist),
    song: hashOf(event.song),
    registrationMs: (event.registration ?? Number.NaN) + 0,
    gender: genderCode(event.gender),
    stateName: stateOf(event.location),
  };
}

/** The event as a user's folds see it once it is known to be the user's. */
export function knownEvent(content: EventContent, knownAtMs: number, names: StateNames): KnownEvent {
  // Field by field: objects made by spreading are several times slower to make, and to read.
  return {
    tsMs: content.tsMs,
    knownAtMs,
    sessionId: content.sessionId,
    item: content.item,
    page: content.page,
    level: content.level,
    auth: content.auth,
    status: content.status,
    length10us: content.length10us,
    artist: content.artist,
    song: content.song,
    registrationMs: content.registrationMs,
    gender: content.gender,
    state: names.codeOf(content.stateName),
  };
}
