import { seededRng } from "../../src/base/rng.js";
import { isoOf, MS_PER_DAY } from "../../src/base/time.js";
import type { ExploreDocument, Spread, SurvivalCurve } from "../../src/schema/explore-document.js";

const FIRST_MS = Date.UTC(2018, 9, 1);
const DAYS = 62;

function spread(n: number, quantiles: readonly number[]): Spread {
  const histogram = Array.from({ length: 8 }, (_, bin) => ({
    from: bin === 0 ? 0 : 2 ** (bin - 1),
    to: 2 ** bin,
    n: bin * 10,
  }));
  return { n, mean: (quantiles[2] ?? 0) * 1.3, quantiles, histogram };
}

function curve(plan: SurvivalCurve["plan"], users: number, perDay: number): SurvivalCurve {
  const points = Array.from({ length: 60 }, (_, i) => {
    const survival = (1 - perDay) ** (i + 1);
    return {
      day: i + 0.5,
      atRisk: users - i,
      survival,
      low: survival - 0.04 * survival,
      high: 1 - 0.9 * (1 - survival),
    };
  });
  return { plan, users, cancelled: 60, medianDays: null, points };
}

function days(): ExploreDocument["volumes"]["perDay"] {
  const rng = seededRng(11);
  return Array.from({ length: DAYS }, (_, i) => ({
    day: isoOf(FIRST_MS + i * MS_PER_DAY).slice(0, 10),
    events: 6000 + Math.round(4000 * rng.uniform()),
    songs: 5000,
    users: 180,
    eventsWithoutUser: 200,
    cancelled: i % 3,
  }));
}

/** A log of 448 users in which all that `explore` can say is there to be said. */
export const EXPLORED: ExploreDocument = {
  timeZone: "UTC",
  simulated: false,
  volumes: {
    events: 543_221,
    songs: 432_877,
    users: 448,
    sessions: 6081,
    eventsWithoutUser: 15_700,
    musicHours: 29_917.4,
    firstTs: FIRST_MS,
    lastTs: FIRST_MS + (DAYS - 0.6) * MS_PER_DAY,
    perDay: days(),
  },
  pages: [
    {
      page: "NextSong",
      known: true,
      events: 432_877,
      share: 0.797,
      usersShare: 1,
      per1000Songs: { free: 1000, paid: 1000 },
    },
    {
      page: "Home",
      known: true,
      events: 27_412,
      share: 0.0505,
      usersShare: 0.987,
      per1000Songs: { free: 61.3, paid: 40.1 },
    },
    {
      page: "Roll Advert",
      known: true,
      events: 7_773,
      share: 0.0143,
      usersShare: 0.87,
      per1000Songs: { free: 90.4, paid: 1.3 },
    },
    { page: "Login", known: true, events: 6_011, share: 0.011, usersShare: 0, per1000Songs: { free: 0, paid: 0 } },
    {
      page: "Moon",
      known: false,
      events: 3,
      share: 5e-6,
      usersShare: 0.002,
      per1000Songs: { free: null, paid: 0.007 },
    },
  ],
  sessions: {
    events: spread(6081, [3, 19, 50, 110, 290]),
    songs: spread(6081, [2, 15, 40, 90, 246]),
    minutes: spread(6081, [3.5, 60.1, 165.5, 386.2, 1071.4]),
    gapHours: spread(5633, [2.9, 13.4, 37.2, 90.1, 286.6]),
  },
  users: {
    n: 448,
    plans: [
      { plan: "alwaysPaid", users: 70, cancelled: 18, events: 90_000, songs: 75_000, sessions: 820 },
      { plan: "neverPaid", users: 122, cancelled: 22, events: 40_000, songs: 30_000, sessions: 1010 },
      { plan: "switched", users: 256, cancelled: 59, events: 397_521, songs: 327_877, sessions: 4251 },
    ],
    genders: { F: 198, M: 250, unknown: 0 },
    upgrades: 287,
    downgrades: 117,
    sessions: spread(448, [1, 5, 9, 18, 37]),
    activeDays: spread(448, [2, 5, 11, 20, 36]),
    spanDays: spread(448, [3.6, 29.2, 50.1, 58.3, 61.2]),
  },
  clock: {
    hours: Array.from({ length: 24 }, (_, hour) => ({ events: 20_000 + hour, sessionStarts: hour === 14 ? 600 : 240 })),
    weekdays: Array.from({ length: 7 }, (_, day) => ({
      days: day < 6 ? 9 : 8,
      events: 70_000,
      sessionStarts: day < 5 ? 1000 : 500,
    })),
  },
  retention: {
    stepDays: 7,
    firstSeen: [
      {
        from: "2018-10-01",
        users: 330,
        steps: [
          { users: 330, active: 330 },
          { users: 330, active: 261 },
          { users: 130, active: 87 },
        ],
      },
      {
        from: "2018-10-08",
        users: 60,
        steps: [
          { users: 60, active: 60 },
          { users: 60, active: 27 },
        ],
      },
    ],
    registered: [{ month: "2018-09", users: 240, cancelled: 51, activeAtEnd: 127 }],
  },
  survival: [curve("free", 350, 0.004), curve("paid", 98, 0.006)],
  churn: {
    cancelled: 99,
    share: 99 / 448,
    per1000UserDays: 4.4,
    daysSinceFirstEvent: spread(99, [0.2, 8.6, 23.1, 38.7, 55.2]),
    daysSinceRegistration: spread(99, [13, 35, 56, 81, 144]),
    pageBefore: [
      { page: "Downgrade", users: 44 },
      { page: "Roll Advert", users: 30 },
      { page: "Settings", users: 25 },
    ],
  },
  oddities: [
    {
      code: "rows_without_user",
      found: 15_700,
      of: 543_221,
      what: "events without a user id",
      meaning: "logged out, or a guest",
    },
    {
      code: "days_without_events",
      found: 0,
      of: 62,
      what: "days without an event",
      meaning: "the log may have a hole",
    },
  ],
};

/** A log of five users in which nobody cancels. */
export const WITHOUT_CHURN: ExploreDocument = {
  ...EXPLORED,
  users: { ...EXPLORED.users, n: 5 },
  volumes: { ...EXPLORED.volumes, users: 5, perDay: days().map((day) => ({ ...day, cancelled: 0 })) },
  survival: [{ plan: "free", users: 5, cancelled: 0, medianDays: null, points: [] }],
  churn: null,
};
