// hot loop
import { asInstant, type Instant } from "../base/time.js";
import type { EventColumns } from "../schema/event-columns.js";
import { type Accumulator, type Catalogue, emptyStates, type KnownEvent } from "./fold.js";

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** What a photograph looks at: one user's states at one cutoff. */
export type Photograph<S> = (userIndex: number, cutoff: Instant, states: S) => void;

/**
 * Folds users `from` … `to` − 1 once each and calls `photograph` at every cutoff that has a known event behind it: the
 * states then hold exactly the events with knownAtMs ≤ cutoff.
 *
 * @param cutoffs ascending
 */
export function foldUsers<S>(
  columns: EventColumns,
  { catalogue, cutoffs, from, to }: { catalogue: Catalogue<S>; cutoffs: readonly Instant[]; from: number; to: number },
  photograph: Photograph<S>,
): void {
  const event = blankEvent();
  for (let user = from; user < to; user++) {
    const states = emptyStates(catalogue);
    const adders = addersOf(catalogue, states);
    const last = columns.userStart[user + 1]!;
    let row = columns.userStart[user]!;
    const first = row;
    for (const cutoff of cutoffs) {
      while (row < last && columns.knownAtMs[row]! <= cutoff) {
        readEvent(columns, row++, event);
        for (let i = 0; i < adders.length; i++) adders[i]!(event);
      }
      if (row > first) photograph(user, asInstant(cutoff), states);
    }
  }
}

function addersOf<S>(catalogue: Catalogue<S>, states: S): ((event: KnownEvent) => void)[] {
  const adders: ((event: KnownEvent) => void)[] = [];
  for (const key in catalogue.accumulators) {
    const accumulator: Accumulator<S[typeof key]> = catalogue.accumulators[key];
    const state = states[key];
    adders.push((event) => accumulator.add(state, event));
  }
  return adders;
}

function readEvent(c: EventColumns, row: number, e: Mutable<KnownEvent>): void {
  e.tsMs = c.tsMs[row]!;
  e.knownAtMs = c.knownAtMs[row]!;
  e.sessionId = c.sessionId[row]!;
  e.item = c.item[row]!;
  e.page = c.page[row]!;
  e.level = c.level[row]!;
  e.auth = c.auth[row]!;
  e.status = c.status[row]!;
  e.length10us = c.length10us[row]!;
  e.artist = c.artist[row]!;
  e.song = c.song[row]!;
  e.registrationMs = c.registrationMs[row]!;
  e.gender = c.gender[row]!;
  e.state = c.state[row]!;
}

function blankEvent(): Mutable<KnownEvent> {
  return {
    tsMs: 0,
    knownAtMs: 0,
    sessionId: 0,
    item: 0,
    page: 0,
    level: 0,
    auth: 0,
    status: 0,
    length10us: -1,
    artist: -1,
    song: -1,
    registrationMs: 0,
    gender: 0,
    state: 0,
  };
}
