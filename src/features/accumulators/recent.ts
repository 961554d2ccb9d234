// hot loop
import { utcDay } from "../../base/time.js";
import { PAGE } from "../../schema/pages.js";
import type { Accumulator, KnownEvent } from "../fold.js";

/** Whole UTC days that a trailing window can reach back, besides today so far. */
export const WINDOW_DAYS_MAX = 28;
const SLOTS = WINDOW_DAYS_MAX + 1;

/** What is counted by UTC day. Sums are whole numbers, so no order of events changes a bit. */
export const MEASURES = {
  events: () => 1,
  songs: (e) => (e.page === PAGE.NextSong ? 1 : 0),
  length10us: (e) => Math.max(e.length10us, 0),
  thumbsUp: (e) => (e.page === PAGE["Thumbs Up"] ? 1 : 0),
  thumbsDown: (e) => (e.page === PAGE["Thumbs Down"] ? 1 : 0),
  adverts: (e) => (e.page === PAGE["Roll Advert"] ? 1 : 0),
  troubles: (e) => (e.page === PAGE.Error || e.page === PAGE.Help ? 1 : 0),
  downgradeVisits: (e) => (e.page === PAGE.Downgrade ? 1 : 0),
  settings: (e) => (e.page === PAGE.Settings ? 1 : 0),
  social: (e) => (e.page === PAGE["Add Friend"] || e.page === PAGE["Add to Playlist"] ? 1 : 0),
  /** First rows of a session: item 0. */
  sessions: (e) => (e.item === 0 ? 1 : 0),
} as const satisfies Record<string, (event: KnownEvent) => number>;

export type Measure = keyof typeof MEASURES;
const NAMES = Object.keys(MEASURES) as Measure[];
const COUNTERS = NAMES.map((name) => MEASURES[name]);
const WIDTH = NAMES.length;
const OFFSET = Object.fromEntries(NAMES.map((name, i) => [name, i])) as Record<Measure, number>;

export interface RecentState {
  /** Latest UTC day in the ring; −1 when empty. Day d lies in slot d mod 29. */
  day: number;
  counts: Float64Array;
}

/** A ring of UTC day buckets: what happened in the last 28 whole days and today so far. */
export const recent: Accumulator<RecentState> = {
  name: "recent",
  version: 1,
  empty: () => ({ day: -1, counts: new Float64Array(SLOTS * WIDTH) }),
  add(s, e) {
    const day = utcDay(e.tsMs);
    if (day > s.day) advance(s, day);
    if (day <= s.day - SLOTS) return;
    const at = (day % SLOTS) * WIDTH;
    for (let m = 0; m < WIDTH; m++) s.counts[at + m]! += COUNTERS[m]!(e);
  },
};

function advance(s: RecentState, day: number): void {
  const from = s.day < 0 ? day : Math.max(s.day + 1, day - SLOTS + 1);
  for (let d = from; d <= day; d++) s.counts.fill(0, (d % SLOTS) * WIDTH, (d % SLOTS) * WIDTH + WIDTH);
  s.day = day;
}

/** Sum of a measure over the `days` whole UTC days before the cutoff's day, and that day so far. */
export function inWindow(s: RecentState, cutoff: number, days: number, measure: Measure): number {
  return between(s, cutoff, { fromDaysAgo: days, toDaysAgo: 0, measure });
}

/** Sum over the UTC days from `fromDaysAgo` to `toDaysAgo` before the cutoff's day, both included. */
export function between(
  s: RecentState,
  cutoff: number,
  { fromDaysAgo, toDaysAgo, measure }: { fromDaysAgo: number; toDaysAgo: number; measure: Measure },
): number {
  const today = utcDay(cutoff);
  const first = Math.max(today - fromDaysAgo, s.day - SLOTS + 1, 0);
  const last = Math.min(today - toDaysAgo, s.day);
  let sum = 0;
  for (let d = first; d <= last; d++) sum += s.counts[(d % SLOTS) * WIDTH + OFFSET[measure]]!;
  return sum;
}

/** Days with at least one event among the last `days` whole UTC days and today. */
export function activeDays(s: RecentState, cutoff: number, days: number): number {
  const today = utcDay(cutoff);
  let active = 0;
  for (let d = Math.max(today - days, s.day - SLOTS + 1, 0); d <= Math.min(today, s.day); d++) {
    if (s.counts[(d % SLOTS) * WIDTH + OFFSET.events]! > 0) active++;
  }
  return active;
}
