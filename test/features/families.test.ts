import { describe, expect, test } from "vitest";
import { MS_PER_DAY, MS_PER_HOUR, MS_PER_MINUTE } from "../../src/base/time.js";
import { PAGE, type PageName } from "../../src/schema/pages.js";
import { eventOf, type OwnedEvent, START_MS } from "./columns.js";
import { readOne } from "./reading.js";

/** START_MS is Monday 2018-10-01. */
const at = (days: number) => START_MS + days * MS_PER_DAY;
const on = (days: number, page: PageName = "Home", fields: Partial<OwnedEvent> = {}) =>
  eventOf({ tsMs: at(days), page: PAGE[page], ...fields });
const many = (count: number, of: (i: number) => OwnedEvent) => Array.from({ length: count }, (_, i) => of(i));

describe("profile and tenure", () => {
  test("seen_from_registration: the first event within a day of the registration", () => {
    const first = (registrationMs: number) =>
      readOne("seen_from_registration", [on(3, "Home", { registrationMs })], at(9));
    expect(first(at(3))).toBe(1);
    expect(first(at(2) + 1)).toBe(1);
    expect(first(at(2))).toBe(0);
    expect(first(Number.NaN)).toBeNaN();
  });

  test("log_days_since_first_event", () => {
    expect(readOne("log_days_since_first_event", [on(1), on(4)], at(9))).toBeCloseTo(Math.log(9), 12);
    expect(readOne("log_days_since_first_event", [on(1)], at(1))).toBe(0);
  });
});

describe("sessions and recency", () => {
  const visits = [0, 0.1, 3, 3.01, 10].map((days, i) => on(days, "Home", { sessionId: i }));

  test("sessions_per_active_day: five sessions on three days", () => {
    expect(readOne("sessions_per_active_day", visits, at(11))).toBeCloseTo(5 / 3, 12);
  });

  test("longest_pause_days: from an end to the next start, unknown with one session", () => {
    expect(readOne("longest_pause_days", visits, at(20))).toBeCloseTo(10 - 3.01, 9);
    expect(readOne("longest_pause_days", visits.slice(0, 1), at(20))).toBeNaN();
    const long = [0, 20, 40].map((minutes) => eventOf({ tsMs: START_MS + minutes * MS_PER_MINUTE }));
    const later = eventOf({ tsMs: at(2), sessionId: 2 });
    expect(readOne("longest_pause_days", [...long, later], at(3))).toBeCloseTo(2 - 40 / 1440, 9);
  });

  test("weekend_share: Saturday and Sunday, drawn towards 17% by 240 events", () => {
    // Days 0 to 6 are Monday to Sunday.
    const week = many(60, (i) => on(i % 7));
    const weekend = week.filter(({ tsMs }) => tsMs === at(5) || tsMs === at(6)).length;
    expect(weekend).toBe(16);
    expect(readOne("weekend_share", week, at(9))).toBeCloseTo((16 + 0.17 * 240) / (60 + 240), 12);
  });

  test("hour_spread: 0 in one hour, 1 in all alike, between them two hours", () => {
    const inHours = (hours: readonly number[]) => hours.map((hour) => eventOf({ tsMs: START_MS + hour * MS_PER_HOUR }));
    expect(readOne("hour_spread", inHours([5, 5, 29]), at(9))).toBe(0);
    expect(readOne("hour_spread", inHours([5, 6]), at(9))).toBeCloseTo(Math.log(2) / Math.log(24), 12);
    expect(readOne("hour_spread", inHours(Array.from({ length: 24 }, (_, h) => h)), at(9))).toBeCloseTo(1, 12);
  });
});

describe("listening and variety", () => {
  test("hours_7d: two songs of half an hour in the window, one before it", () => {
    const songs = [0, 5, 8].map((days) => on(days, "NextSong", { length10us: 180_000_000 }));
    expect(readOne("hours_7d", songs, at(8.5))).toBe(1);
  });

  test("different_songs: a repeat adds none", () => {
    const songs = [7, 8, 7].map((song) => on(1, "NextSong", { song, artist: 1 }));
    expect(readOne("different_songs", songs, at(2))).toBe(2);
  });
});

describe("smoothed rates in a window", () => {
  const songs = many(60, () => on(20, "NextSong"));
  const old = many(40, () => on(0, "NextSong"));
  const rows = [
    ...old,
    ...many(9, () => on(0, "Thumbs Down")),
    ...songs,
    ...many(3, () => on(21, "Thumbs Down")),
    ...many(5, () => on(22, "Thumbs Up")),
    ...many(4, () => on(23, "Roll Advert")),
    on(23, "Add Friend"),
    on(24, "Add to Playlist"),
    on(24, "Error"),
    on(25, "Help"),
    on(25, "Settings"),
  ];

  test.each([
    ["thumbs_down_per_song_28d", (3 + 1.15) / (60 + 100)],
    ["thumbs_up_share_28d", (5 + 8.2) / (8 + 10)],
    ["adverts_per_song_28d", (4 + 0.925) / (60 + 50)],
    ["social_28d", 2],
    ["troubles_28d", 2],
    ["settings_28d", 1],
    ["songs_14d", 60],
  ])("%s", (name, value) => {
    expect(readOne(name, rows, at(30))).toBeCloseTo(value, 12);
  });

  test("sessions_7d and active_days_7d on day 29 look back to day 22; these rows all have item 0", () => {
    expect(readOne("sessions_7d", rows, at(29))).toBe(5 + 5 + 2 + 2);
    expect(readOne("active_days_7d", rows, at(29))).toBe(4);
  });

  test("with nothing in the window a rate is the rate of the public logs", () => {
    for (const [name, rate] of [
      ["thumbs_down_per_song_28d", 0.0115],
      ["thumbs_up_share_28d", 0.82],
      ["adverts_per_song_28d", 0.0185],
    ] as const) {
      expect(readOne(name, rows, at(80)), name).toBeCloseTo(rate, 12);
    }
  });

  test("log_downgrade_visits_per_paid_song counts only what was done on the paid plan", () => {
    const paid = many(50, () => on(1, "NextSong", { level: 1 }));
    const visits = [on(2, "Downgrade", { level: 1 }), on(2, "Downgrade", { level: 0 }), on(2, "NextSong")];
    const value = readOne("log_downgrade_visits_per_paid_song", [...paid, ...visits], at(3));
    expect(value).toBeCloseTo(Math.log((1 + 2.2) / (50 + 200)), 12);
  });
});

describe("trends", () => {
  test("a week of eight songs after three weeks of twelve: twice the mean week, and one more in each", () => {
    const songs = [...many(12, (i) => on(i, "NextSong")), ...many(8, () => on(24, "NextSong"))];
    expect(readOne("songs_week_trend", songs, at(27))).toBeCloseTo(Math.log((1 + 8) / (1 + 12 / 3)), 12);
  });

  test("sessions_week_trend and thumbs_down_trend", () => {
    const rows = [
      on(2, "Home", { item: 0 }),
      on(3, "Thumbs Down", { item: 1 }),
      on(20, "Thumbs Down", { item: 1 }),
      on(21, "Home", { item: 0 }),
      on(22, "Thumbs Down", { item: 1 }),
      on(23, "Home", { item: 0 }),
    ];
    expect(readOne("sessions_week_trend", rows, at(25))).toBeCloseTo(Math.log((1 + 2) / (1 + 1 / 3)), 12);
    expect(readOne("thumbs_down_trend", rows, at(25))).toBeCloseTo(Math.log((1 + 2) / (1 + 1)), 12);
  });
});
