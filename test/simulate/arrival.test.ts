import { describe, expect, it } from "vitest";
import { seededRng } from "../../src/base/rng.js";
import { MS_PER_DAY, MS_PER_HOUR, utcDay } from "../../src/base/time.js";
import { arrivalLaw } from "../../src/simulate/arrival.js";
import { isDayOff } from "../../src/simulate/holidays.js";
import { SIMULATE_DEFAULTS } from "../../src/simulate/options.js";
import { needsShared, readShared } from "../shared.js";

const TARGETS = "reference/marginals/targets.json";
const { start } = SIMULATE_DEFAULTS;

interface Targets {
  readonly time_profiles_utc: {
    readonly generator_arrival_law: {
      readonly template: {
        readonly session_start_hour_share_utc: readonly number[];
        readonly session_start_weekday_share_mon_to_sun: readonly number[];
        readonly mean_gap_over_beta: number;
      };
    };
  };
}

describe("days off", () => {
  it("are weekends and federal holidays", () => {
    const off = (iso: string) => isDayOff(utcDay(Date.parse(iso)));
    for (const iso of ["2018-10-06", "2018-10-08", "2018-11-22", "2018-12-25", "2019-05-27", "2019-09-02"]) {
      expect(off(iso), iso).toBe(true);
    }
    for (const iso of ["2018-10-01", "2018-10-15", "2018-11-29", "2019-05-20"]) expect(off(iso), iso).toBe(false);
  });
});

describe("arrivals", () => {
  it("are Poisson on the clock they feel", () => {
    const law = arrivalLaw(start, 400, 0.4);
    const rng = seededRng(4);
    const betaMs = 2 * MS_PER_DAY;
    let gaps = 0;
    let felt = 0;
    for (let at = law.next(start, betaMs, rng); at < start + 390 * MS_PER_DAY; gaps++) {
      const next = law.next(at, betaMs, rng);
      felt += law.felt(next) - law.felt(at + MS_PER_HOUR / 2);
      at = next;
    }
    expect(Math.abs(felt / gaps / betaMs - 1)).toBeLessThan(3.5 / Math.sqrt(gaps));
  });

  it.skipIf(needsShared(TARGETS))(`have the hours, weekdays and gaps of ${TARGETS}`, () => {
    const target = readShared<Targets>(TARGETS).time_profiles_utc.generator_arrival_law.template;
    const law = arrivalLaw(start, 3000, 0);
    const rng = seededRng(8);
    const hours = new Float64Array(24);
    const weekdays = new Float64Array(7);
    const betaMs = 7 * MS_PER_DAY;
    const n = 60_000;
    let gap = 0;
    for (let i = 0; i < n; i++) {
      const from = start + rng.below(350 * 24) * MS_PER_HOUR;
      const at = law.next(from, betaMs, rng);
      gap += at - from;
      const hour = Math.floor(at / MS_PER_HOUR) % 24;
      hours[hour] = (hours[hour] as number) + 1 / n;
      const weekday = (utcDay(at) + 3) % 7;
      weekdays[weekday] = (weekdays[weekday] as number) + 1 / n;
    }
    target.session_start_hour_share_utc.forEach((share, hour) => {
      expect(Math.abs((hours[hour] as number) - share), `hour ${hour}`).toBeLessThan(0.006);
    });
    target.session_start_weekday_share_mon_to_sun.forEach((share, day) => {
      expect(Math.abs((weekdays[day] as number) - share), `weekday ${day}`).toBeLessThan(0.012);
    });
    expect(gap / n / betaMs).toBeCloseTo(target.mean_gap_over_beta, 1);
  });
});
