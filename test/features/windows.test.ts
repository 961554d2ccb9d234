import fc from "fast-check";
import { expect, test } from "vitest";
import { asInstant, MS_PER_DAY, utcDay } from "../../src/base/time.js";
import { logs, type OwnedEvent } from "./columns.js";
import { COUNTED } from "./counted.js";
import { CATALOGUE, featureOf, statesOf } from "./reading.js";

type Inside = (fromDaysAgo: number, toDaysAgo?: number) => readonly OwnedEvent[];
type Recount = (inside: Inside) => number;

const sum = (measure: keyof typeof COUNTED, rows: readonly OwnedEvent[]) =>
  rows.reduce((total, row) => total + COUNTED[measure](row), 0);
const count =
  (measure: keyof typeof COUNTED, days: number): Recount =>
  (inside) =>
    sum(measure, inside(days));
const hours =
  (days: number): Recount =>
  (inside) =>
    sum("length10us", inside(days)) / 1e5 / 3600;
const active =
  (days: number): Recount =>
  (inside) =>
    new Set(inside(days).map(({ tsMs }) => utcDay(tsMs))).size;
const fortnights =
  (measure: keyof typeof COUNTED): Recount =>
  (inside) =>
    Math.log((1 + sum(measure, inside(13))) / (1 + sum(measure, inside(27, 14))));
const weeks =
  (measure: keyof typeof COUNTED): Recount =>
  (inside) =>
    Math.log((1 + sum(measure, inside(6))) / (1 + sum(measure, inside(27, 7)) / 3));

/** Every feature of a trailing window, said again over the raw rows. */
const RECOUNTS: Readonly<Record<string, Recount>> = {
  events_7d: count("events", 7),
  events_28d: count("events", 28),
  songs_7d: count("songs", 7),
  songs_14d: count("songs", 14),
  songs_28d: count("songs", 28),
  active_days_7d: active(7),
  active_days_28d: active(28),
  sessions_7d: count("sessions", 7),
  sessions_28d: count("sessions", 28),
  hours_7d: hours(7),
  hours_28d: hours(28),
  thumbs_down_28d: count("thumbsDown", 28),
  thumbs_up_28d: count("thumbsUp", 28),
  social_28d: count("social", 28),
  adverts_28d: count("adverts", 28),
  downgrade_visits_28d: count("downgradeVisits", 28),
  troubles_28d: count("troubles", 28),
  settings_28d: count("settings", 28),
  thumbs_down_per_song_28d: (inside) => (sum("thumbsDown", inside(28)) + 1.15) / (sum("songs", inside(28)) + 100),
  thumbs_up_share_28d: (inside) =>
    (sum("thumbsUp", inside(28)) + 8.2) / (sum("thumbsUp", inside(28)) + sum("thumbsDown", inside(28)) + 10),
  adverts_per_song_28d: (inside) => (sum("adverts", inside(28)) + 0.925) / (sum("songs", inside(28)) + 50),
  songs_trend: fortnights("songs"),
  sessions_trend: fortnights("sessions"),
  adverts_trend: fortnights("adverts"),
  thumbs_down_trend: fortnights("thumbsDown"),
  songs_week_trend: weeks("songs"),
  sessions_week_trend: weeks("sessions"),
};

test("every window is recounted here", () => {
  const windows = CATALOGUE.features.filter(
    ({ name, family }) => family === "trends" || (family !== "calendar" && /_\d+d$/.test(name)),
  );
  expect(windows.map(({ name }) => name).sort()).toEqual(Object.keys(RECOUNTS).sort());
});

test("windows are what a recount of the raw rows gives, also when time goes back", () => {
  const property = fc.property(logs({ users: 1, maxLength: 150 }), fc.nat(35 * MS_PER_DAY), (events, wait) => {
    const rows = [...events].sort((a, b) => a.knownAtMs - b.knownAtMs || a.tsMs - b.tsMs);
    const cutoff = (rows.at(-1)?.knownAtMs ?? 0) + wait;
    const states = statesOf(rows);
    const inside: Inside = (fromDaysAgo, toDaysAgo = 0) =>
      rows.filter(({ tsMs }) => {
        const ago = utcDay(cutoff) - utcDay(tsMs);
        return ago <= fromDaysAgo && ago >= toDaysAgo;
      });
    for (const [name, recount] of Object.entries(RECOUNTS)) {
      expect(featureOf(name).read(states, asInstant(cutoff)), name).toBeCloseTo(recount(inside), 12);
    }
  });
  fc.assert(property, { numRuns: 500 });
});
