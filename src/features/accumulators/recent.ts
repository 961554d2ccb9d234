// hot loop
import { utcDay } from "../../base/time.js";
import { PAGE, PAGES } from "../../schema/pages.js";
import type { Accumulator } from "../fold.js";

/** Whole UTC days that a trailing window can reach back, besides today so far. */
export const WINDOW_DAYS_MAX = 28;
const SLOTS = WINDOW_DAYS_MAX + 1;

/**
 * What is counted by UTC day. Sums are whole numbers, so no order of events changes a bit. `sessions` are their first rows
 * (item 0), `troubles` visits of Error and Help, `social` friends and playlist additions.
 */
export const MEASURES = [
  "events",
  "songs",
  "length10us",
  "thumbsUp",
  "thumbsDown",
  "adverts",
  "troubles",
  "downgradeVisits",
  "settings",
  "social",
  "sessions",
] as const;

export type Measure = (typeof MEASURES)[number];

/** Where a measure's days begin: its 29 slots lie together, so that a window is at most two runs. */
const START = Object.fromEntries(MEASURES.map((name, i) => [name, i * SLOTS])) as Record<Measure, number>;

/** Page code → start of the measure it counts for, −1 for none. */
const START_OF_PAGE = new Int16Array(PAGES.length).fill(-1);
for (const [page, measure] of [
  ["NextSong", "songs"],
  ["Thumbs Up", "thumbsUp"],
  ["Thumbs Down", "thumbsDown"],
  ["Roll Advert", "adverts"],
  ["Error", "troubles"],
  ["Help", "troubles"],
  ["Downgrade", "downgradeVisits"],
  ["Settings", "settings"],
  ["Add Friend", "social"],
  ["Add to Playlist", "social"],
] as const) {
  START_OF_PAGE[PAGE[page]] = START[measure];
}

export interface RecentState {
  /** Latest UTC day in the ring; −1 when empty. Day d lies in slot d mod 29 of each measure. */
  day: number;
  counts: Float64Array;
}

/** A ring of UTC day buckets: what happened in the last 28 whole days and today so far. */
export const recent: Accumulator<RecentState> = {
  name: "recent",
  version: 2,
  empty: () => ({ day: -1, counts: new Float64Array(SLOTS * MEASURES.length) }),
  add(s, e) {
    const day = utcDay(e.tsMs);
    if (day > s.day) advance(s, day);
    else if (day <= s.day - SLOTS) return;
    const { counts } = s;
    const slot = day % SLOTS;
    counts[START.events + slot]!++;
    const start = START_OF_PAGE[e.page]!;
    if (start >= 0) counts[start + slot]!++;
    if (e.length10us > 0) counts[START.length10us + slot]! += e.length10us;
    if (e.item === 0) counts[START.sessions + slot]!++;
  },
};

function advance(s: RecentState, day: number): void {
  const from = s.day < 0 ? day : Math.max(s.day + 1, day - SLOTS + 1);
  for (let d = from; d <= day; d++) {
    for (let at = d % SLOTS; at < s.counts.length; at += SLOTS) s.counts[at] = 0;
  }
  s.day = day;
}

/** Sum of a measure over the `days` whole UTC days before the cutoff's day, and that day so far. */
export function inWindow(s: RecentState, cutoff: number, days: number, measure: Measure): number {
  const today = utcDay(cutoff);
  return sumOfDays(s, START[measure], today - days, today);
}

/** Sum over the UTC days from `fromDaysAgo` to `toDaysAgo` before the cutoff's day, both included. */
export function between(
  s: RecentState,
  cutoff: number,
  { fromDaysAgo, toDaysAgo, measure }: { fromDaysAgo: number; toDaysAgo: number; measure: Measure },
): number {
  const today = utcDay(cutoff);
  return sumOfDays(s, START[measure], today - fromDaysAgo, today - toDaysAgo);
}

function sumOfDays({ day, counts }: RecentState, start: number, from: number, to: number): number {
  const first = Math.max(from, day - SLOTS + 1, 0);
  const last = Math.min(to, day);
  let sum = 0;
  let slot = first % SLOTS;
  for (let d = first; d <= last; d++) {
    sum += counts[start + slot]!;
    if (++slot === SLOTS) slot = 0;
  }
  return sum;
}

/** Days with at least one event among the last `days` whole UTC days and today. */
export function activeDays({ day, counts }: RecentState, cutoff: number, days: number): number {
  const today = utcDay(cutoff);
  let active = 0;
  for (let d = Math.max(today - days, day - SLOTS + 1, 0); d <= Math.min(today, day); d++) {
    if (counts[START.events + (d % SLOTS)]! > 0) active++;
  }
  return active;
}
