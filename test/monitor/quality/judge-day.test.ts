import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Rng, seededRng } from "../../../src/base/rng.js";
import { MS_PER_DAY } from "../../../src/base/time.js";
import { bandOf, DAYS_MIN } from "../../../src/monitor/quality/band.js";
import { type DayMeasured, FALSE_DAYS_A_YEAR, judgeDay } from "../../../src/monitor/quality/judge-day.js";

const WEEK = [1, 1.1, 1.05, 1, 1.2, 0.7, 0.65];

/** A day of a world that goes on as it did, slowly growing, with weekends. */
function steadyDay(i: number, rng: Rng): DayMeasured {
  const noise = (sd: number) => Math.exp(sd * rng.normal());
  const level = 8_000 * 1.001 ** i * (WEEK[i % 7] ?? 1);
  const share = (p: number) => Math.max(0, p + 0.1 * p * rng.normal());
  return {
    dayMs: i * MS_PER_DAY,
    unknownFields: [],
    figures: {
      events: level * noise(0.08),
      users: 300 * (WEEK[i % 7] ?? 1) * noise(0.05),
      active_hours: 24,
      blank_share: share(0.03),
      missing_level: 0,
      missing_song: 0,
      unknown_pages: 0,
      quarantine_share: share(0.001),
      recovered_share: 1 - share(0.04),
      "page:NextSong": 0.8 + 0.01 * rng.normal(),
      "page:Home": share(0.04),
      "page:Roll Advert": share(0.02),
    },
  };
}

function year(seed: number, days = 365): DayMeasured[] {
  const rng = seededRng(seed).fork("steady");
  return Array.from({ length: days }, (_, i) => steadyDay(i, rng));
}

const judged = (days: readonly DayMeasured[], at: number) =>
  judgeDay(days[at] as DayMeasured, days.slice(0, at).slice(-70));

describe("data quality", () => {
  test("the declared budget: a steady world has no more false days a year", () => {
    let bad = 0;
    const years = 12;
    for (let seed = 0; seed < years; seed++) {
      const days = year(seed);
      for (let at = 0; at < days.length; at++) if (judged(days, at).flags.length > 0) bad++;
    }
    // A Poisson number around the budget is above this once in a thousand times.
    expect(bad / years).toBeLessThanOrEqual(FALSE_DAYS_A_YEAR + 3.1 * Math.sqrt(FALSE_DAYS_A_YEAR / years));
  });

  test("what breaks is seen on the day: volume, blank ids, missing values, unknown pages, silence", () => {
    const days = year(99, 60);
    const last = days.at(-1) as DayMeasured;
    const breaks: [string, number, boolean][] = [
      ["events", (last.figures.events ?? 0) / 3, true],
      ["users", (last.figures.users ?? 0) * 2.5, true],
      ["active_hours", 12, true],
      ["blank_share", 0.2, true],
      ["missing_level", 0.1, true],
      ["unknown_pages", 0.05, true],
      ["quarantine_share", 0.1, true],
      ["recovered_share", 0.5, false],
      ["page:Roll Advert", 0.05, false],
    ];
    for (const [name, value, fails] of breaks) {
      const day = { ...last, figures: { ...last.figures, [name]: value } };
      const { flags } = judgeDay(day, days.slice(0, -1));
      expect(
        flags.find(({ figure }) => figure === name),
        name,
      ).toMatchObject({ value, fails });
    }
  });

  test("new pages and fields are said once there is a past, and bands need one", () => {
    const days = year(3, 40);
    const day = { ...(days[20] as DayMeasured), unknownFields: ["device"] };
    const odd = { ...day, figures: { ...day.figures, "page:Podcast": 0.01, "page:Rare": 0.0001 } };
    expect(judgeDay(odd, days.slice(0, 20)).flags.map(({ figure }) => figure)).toEqual([
      "page:Podcast",
      "field:device",
    ]);
    expect(judgeDay(odd, [...days.slice(0, 20), odd]).flags).toEqual([]);
    expect(judgeDay(odd, days.slice(0, DAYS_MIN - 1)).flags).toEqual([]);
    expect(judgeDay(odd, []).bands).toEqual({});
  });

  test("a band holds what it is made of, follows the weekday, and widens no level to another scale", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1, max: 1e6, noNaN: true }),
        fc.integer({ min: DAYS_MIN, max: 90 }),
        (value, days) => {
          const band = bandOf(Array(days).fill(value), { scale: "log", floor: 0.1, chance: 1e-3 });
          expect(band?.expected).toBeCloseTo(value, 6 - Math.ceil(Math.log10(value)));
          expect((band?.high ?? 0) / (band?.expected ?? 1)).toBeCloseTo(Math.exp(0.1), 6);
        },
      ),
      { numRuns: 30 },
    );
    const weeks = Array.from({ length: 49 }, (_, i) => 100 * (WEEK[i % 7] ?? 1));
    expect(bandOf(weeks, { scale: "log", floor: 0.1, chance: 1e-3 })?.expected).toBeCloseTo(100, 6);
    expect(bandOf(weeks.slice(0, -1), { scale: "log", floor: 0.1, chance: 1e-3 })?.expected).toBeCloseTo(65, 6);
  });
});
