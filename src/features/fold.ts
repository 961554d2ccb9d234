import type { Instant } from "../base/time.js";
import type { UserId } from "../schema/user-id.js";

/**
 * One event as the folds see it: numbers only. Codes as in `PAGES`, `AUTHS`, `LEVELS`; the batch engine reuses one
 * object for every event, so an accumulator keeps values, never the event.
 */
export interface KnownEvent {
  readonly tsMs: number;
  /** When the event could be attributed to its user; events come in this order, and `tsMs` may go back. */
  readonly knownAtMs: number;
  readonly sessionId: number;
  readonly item: number;
  readonly page: number;
  readonly level: number;
  readonly auth: number;
  readonly status: number;
  /** Song length in 10 µs units, −1 for no song. */
  readonly length10us: number;
  /** Low 52 bits of the MD5 of the name, −1 for none. */
  readonly artist: number;
  readonly song: number;
  /** NaN where the row does not say. */
  readonly registrationMs: number;
  /** 0 unknown, 1 F, 2 M. */
  readonly gender: number;
  /** Code of the state in the location; 0 unknown. */
  readonly state: number;
}

/** Folds one user's events, in fold order, into a small plain state. */
export interface Accumulator<S> {
  readonly name: string;
  /** Raised when the meaning of the state changes, so that stored states are folded again. */
  readonly version: number;
  /** Fields that hold a code of the log's list of states: they are stored as the state's name, which is the same in any log. */
  readonly stateCodes?: readonly (keyof S & string)[];
  empty(): S;
  add(state: S, event: KnownEvent): void;
}

export const FAMILIES = [
  "profile",
  "tenure",
  "volume",
  "sessions",
  "listening",
  "variety",
  "feedback",
  "subscription",
  "trouble",
  "recency",
  "trends",
  "calendar",
] as const;
export type Family = (typeof FAMILIES)[number];

export type Unit =
  | "count"
  | "days"
  | "hours"
  | "minutes"
  | "seconds"
  | "share"
  | "ratio"
  | "per song"
  | "log"
  | "index"
  | "yes/no";

/**
 * Whose time decides when a feature's value was known. "rows" are the user's rows known by the cutoff: a logged-in one from its own
 * time, a recovered one from the time of its evidence.
 */
export const KNOWN_AT = {
  rows: "the rows known by the cutoff alone: logged-in ones from their own time, recovered ones from the time of their evidence",
  "rows, cutoff": "the same rows, set against the cutoff's time",
  "state, cutoff": "the state named in the known rows, and its calendar of public holidays, which is known ahead",
  cutoff: "the cutoff's date alone: the calendar is known ahead",
} as const;
export type KnownAt = keyof typeof KNOWN_AT;

/** Reads one number out of the states as of a cutoff. NaN is "cannot be said". */
export interface Feature<S> {
  readonly name: string;
  readonly family: Family;
  readonly unit: Unit;
  readonly knownAt: KnownAt;
  readonly description: string;
  /**
   * It looks back on the user's whole life: counts grow, averages settle, and so all of them move with the age of the log in a world
   * where nobody changes. Absent: it looks at a window, or at how things are.
   */
  readonly cumulative?: true;
  /** Brings a value on a log scale back to what it is the logarithm of, for words. */
  readonly undo?: (value: number) => number;
  read(states: S, cutoff: Instant): number;
}

/** A set of accumulators and the features that read them. */
export interface Catalogue<S> {
  readonly name: string;
  readonly accumulators: { readonly [K in keyof S]: Accumulator<S[K]> };
  readonly features: readonly Feature<S>[];
}

/** What of a catalogue decides whether two sides fold alike. */
export interface CatalogueNames {
  readonly name: string;
  readonly accumulators: Readonly<Record<string, { readonly name: string; readonly version: number }>>;
  readonly features: readonly { readonly name: string }[];
}

/** A row of features cannot lack its cutoff. */
export interface Snapshot {
  readonly user: UserId;
  readonly cutoff: Instant;
  readonly features: Float64Array;
}

export function emptyStates<S>(catalogue: Catalogue<S>): S {
  const states = {} as S;
  for (const key in catalogue.accumulators) states[key] = catalogue.accumulators[key].empty();
  return states;
}

/** Adds events, which come after all that the states hold, in their order. */
export function addEvents<S>(catalogue: Catalogue<S>, states: S, events: Iterable<KnownEvent>): void {
  for (const event of events) {
    for (const key in catalogue.accumulators) catalogue.accumulators[key].add(states[key], event);
  }
}
