import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { seededRng } from "../../src/base/rng.js";
import { asInstant, MS_PER_DAY } from "../../src/base/time.js";
import { judgeChance } from "../../src/evaluate/audits/chance.js";
import { alterAfter, changedFeatures, judgeFutureShuffle } from "../../src/evaluate/audits/future-shuffle.js";
import { dailyHazard, drawPlaceboTimes, type UserSpans } from "../../src/evaluate/audits/placebo.js";
import { worstOf } from "../../src/evaluate/audits/verdict.js";
import { labelRows } from "../../src/evaluate/dataset.js";
import { POINT_IN_TIME } from "../../src/features/catalogue.js";
import type { Catalogue } from "../../src/features/fold.js";
import { joinParts, photographUsers } from "../../src/features/snapshot-table.js";
import type { States } from "../../src/features/states.js";
import { HORIZON } from "../../src/labels/label.js";
import type { EventColumns } from "../../src/schema/event-columns.js";
import { columnsOf, logs } from "../features/columns.js";
import { DAY_0, day, panel } from "./panel.js";

const spansOf = (firstDays: readonly number[], cancelDays: readonly number[], lastDay: number): UserSpans => ({
  firstTsMs: Float64Array.from(firstDays, day),
  cancelledMs: Float64Array.from(cancelDays, day),
  lastTsMs: day(lastDay),
});

describe("placebo: the daily hazard", () => {
  test("by hand: cancellations of a day ÷ users in the log on it", () => {
    const never = Number.NaN;
    const { firstDay, hazard } = dailyHazard(spansOf([0, 0.5, 2.2, 3], [2.5, never, 3.9, never], 4.5));
    expect(firstDay).toBe(DAY_0 / MS_PER_DAY);
    expect([...hazard]).toEqual([0, 0, 1 / 3, 1 / 3, 0]);
  });

  test("no cancellations, no hazard, nobody drawn", () => {
    const spans = spansOf([0, 1, 2], [Number.NaN, Number.NaN, Number.NaN], 30);
    expect(new Set(dailyHazard(spans).hazard)).toEqual(new Set([0]));
    expect([...drawPlaceboTimes(spans, seededRng(1))]).toEqual([Number.NaN, Number.NaN, Number.NaN]);
  });
});

describe("placebo: the draws", () => {
  const rng = seededRng("spans");
  const first = Array.from({ length: 2_000 }, () => 20 * rng.uniform());
  const cancelled = first.map((from) => (rng.uniform() < 0.25 ? from + (60 - from) * rng.uniform() : Number.NaN));
  const spans = spansOf(first, cancelled, 60);
  const draws = Array.from({ length: 30 }, (_, draw) => drawPlaceboTimes(spans, seededRng(9).fork(draw)));

  test("those who cancelled are out (−∞), others get a time inside their span or none", () => {
    const never = (user: number) => Number.isNaN(cancelled[user] ?? Number.NaN);
    const inside = (at: number, user: number) =>
      at > (spans.firstTsMs[user] ?? Number.NaN) && at <= spans.lastTsMs && Number.isInteger(at);
    for (const times of draws) {
      const wrong = times.filter((at, user) =>
        never(user) ? !Number.isNaN(at) && !inside(at, user) : at !== Number.NEGATIVE_INFINITY,
      );
      expect([...wrong]).toEqual([]);
    }
    expect(draws[0]).not.toEqual(draws[1]);
  });

  test("as many are drawn as the hazard says, within four standard errors", () => {
    const { firstDay, hazard } = dailyHazard(spans);
    let expected = 0;
    let variance = 0;
    first.forEach((from, user) => {
      if (!Number.isNaN(cancelled[user] ?? Number.NaN)) return;
      let stays = 1;
      for (let d = Math.floor((day(0) + from * MS_PER_DAY) / MS_PER_DAY); d <= day(60) / MS_PER_DAY; d++) {
        stays *= 1 - (hazard[d - firstDay] ?? 0);
      }
      expected += 1 - stays;
      variance += stays * (1 - stays);
    });
    const drawn = draws.map((times) => times.filter((at) => Number.isFinite(at)).length);
    const mean = drawn.reduce((sum, count) => sum + count, 0) / drawn.length;
    expect(expected).toBeGreaterThan(200);
    // A time drawn on the first day before the first event, or on the last after the last one, is given up: half a day of each.
    const slack = 0.02 * expected;
    expect(Math.abs(mean - expected)).toBeLessThan(4 * Math.sqrt(variance / draws.length) + slack);
  });

  test("behaviour has no say: the same spans give the same times, and labels hold nothing to find", () => {
    const { table, eventMs } = panel({ users: 300 });
    const own: UserSpans = { firstTsMs: new Float64Array(300).fill(day(0)), cancelledMs: eventMs, lastTsMs: day(76) };
    const gaps = Array.from({ length: 40 }, (_, draw) => {
      const { x, y, user } = labelRows(table, drawPlaceboTimes(own, seededRng(3).fork(draw)), HORIZON);
      expect([...user].every((one) => Number.isNaN(eventMs[one]))).toBe(true);
      const meanOf = (label: number) => {
        const rows = [...y.keys()].filter((row) => y[row] === label);
        return rows.reduce((sum, row) => sum + (x.data[row * x.cols] ?? 0), 0) / rows.length;
      };
      return meanOf(1) - meanOf(0);
    });
    const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
    const deviation = Math.sqrt(gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / (gaps.length - 1));
    expect(Math.abs(mean)).toBeLessThan((4 * deviation) / Math.sqrt(gaps.length));
  });
});

describe("verdicts", () => {
  const spread = (mean: number, half: number) =>
    Array.from({ length: 20 }, (_, i) => mean + (i % 2 === 0 ? half : -half));

  test.each([
    ["near one half, narrow", spread(0.515, 0.001), "passed"],
    ["off, but the interval holds one half", spread(0.53, 0.045), "passed"],
    ["off and narrow", spread(0.53, 0.01), "failed"],
    ["below one half tells as much", spread(0.45, 0.01), "failed"],
    ["a leak", spread(0.8, 0.03), "failed"],
    ["too wide to say", spread(0.5, 0.2), "inconclusive"],
    ["wide, but far off", spread(0.8, 0.1), "failed"],
    ["one draw", [0.9], "inconclusive"],
    ["none that could be scored", [Number.NaN, Number.NaN], "inconclusive"],
  ] as const)("placebo: %s", (_, aucs, verdict) => {
    expect(judgeChance(aucs).verdict).toBe(verdict);
  });

  test("draws that could not be scored do not count", () => {
    expect(judgeChance([...spread(0.5, 0.01), Number.NaN])).toMatchObject({ draws: 20, verdict: "passed" });
    const { auc, low, high } = judgeChance(spread(0.53, 0.01));
    expect(auc).toBeCloseTo(0.53, 12);
    // Student's t, 19 degrees of freedom: 3.8834 at 99.9%; the standard deviation is 0.01 √(20/19).
    expect((high ?? 0) - (low ?? 0)).toBeCloseTo((2 * 3.8834 * 0.01 * Math.sqrt(20 / 19)) / Math.sqrt(20), 5);
  });

  test("future shuffle: any changed feature or training row fails it", () => {
    const found = {
      cutoffs: [day(1)],
      rowsAltered: 5,
      featuresChanged: [],
      trainingUnchanged: true,
      modelsUnchanged: true,
    };
    expect(judgeFutureShuffle(found)).toMatchObject({ verdict: "passed", cutoffs: ["2018-10-02T00:00:00.000Z"] });
    expect(judgeFutureShuffle({ ...found, featuresChanged: ["songs"] }).verdict).toBe("failed");
    expect(judgeFutureShuffle({ ...found, trainingUnchanged: false }).verdict).toBe("failed");
    expect(judgeFutureShuffle({ ...found, modelsUnchanged: false }).verdict).toBe("failed");
  });

  test("together they are as good as the worst", () => {
    expect(worstOf([])).toBe("passed");
    expect(worstOf(["passed", "inconclusive"])).toBe("inconclusive");
    expect(worstOf(["failed", "inconclusive", "passed"])).toBe("failed");
  });
});

describe("future shuffle", () => {
  const photographed = (columns: EventColumns, catalogue: Catalogue<States>, cutoff: number) =>
    joinParts(
      [
        photographUsers(
          columns,
          { catalogue, cutoffs: [asInstant(cutoff)], from: 0, to: columns.users.length },
          () => true,
        ),
      ],
      { features: catalogue.features.map(({ name }) => name), users: columns.users },
    );

  const NAMES = ["knownAtMs", "tsMs", "page", "level", "item", "sessionId", "length10us", "artist", "song"] as const;

  test("rows known by the cutoff stay as they are; later ones are made up or gone, and stay later", () => {
    const property = fc.property(logs(), fc.nat(), (events, pick) => {
      const columns = columnsOf(events, 3);
      const cutoff = columns.knownAtMs[pick % columns.knownAtMs.length] ?? 0;
      const { altered, rows } = alterAfter(columns, cutoff, seededRng(pick));
      expect(rows).toBe(columns.knownAtMs.filter((at) => at > cutoff).length);
      for (let user = 0; user < 3; user++) {
        const [from = 0, to = 0] = columns.userStart.slice(user, user + 2);
        const [start = 0, end = 0] = altered.userStart.slice(user, user + 2);
        const past = columns.knownAtMs.slice(from, to).filter((at) => at <= cutoff).length;
        for (const name of NAMES) {
          expect(altered[name].slice(start, start + past)).toEqual(columns[name].slice(from, from + past));
        }
        expect(end - start).toBeGreaterThanOrEqual(past);
        expect(end - start).toBeLessThanOrEqual(to - from);
        const later = altered.knownAtMs.slice(start + past, end);
        expect(later.every((at) => at > cutoff)).toBe(true);
        expect(later.every((at, i) => i === 0 || at > (later[i - 1] ?? 0))).toBe(true);
        expect(altered.tsMs.slice(start + past, end).every((at) => at > cutoff)).toBe(true);
      }
      expect(altered.tsMs.length).toBe(altered.userStart[3]);
      const [before, after] = [columns, altered].map((view) => photographed(view, POINT_IN_TIME, cutoff));
      expect(before && after && changedFeatures(before, after)).toEqual([]);
    });
    fc.assert(property, { numRuns: 100 });
  });

  test("a planted leak is caught by name: a fold that peeks one day ahead", () => {
    const columns = columnsOf(fc.sample(logs({ maxLength: 60 }), { numRuns: 30, seed: 3 }).flat(), 3);
    // Rows that a peeking fold takes to be known a day before they are.
    const peeking = ({ knownAtMs, ...rest }: EventColumns): EventColumns => ({
      ...rest,
      knownAtMs: knownAtMs.map((at) => at - MS_PER_DAY),
    });
    const cutoff = columns.knownAtMs[Math.floor(columns.knownAtMs.length / 2)] ?? 0;
    const { altered } = alterAfter(columns, cutoff, seededRng(1));
    const honest = [
      photographed(columns, POINT_IN_TIME, cutoff),
      photographed(altered, POINT_IN_TIME, cutoff),
    ] as const;
    const leaky = [peeking(columns), peeking(altered)].map((view) => photographed(view, POINT_IN_TIME, cutoff));
    expect(changedFeatures(...honest)).toEqual([]);
    const [before, after] = leaky;
    const caught = before === undefined || after === undefined ? [] : changedFeatures(before, after);
    expect(caught).toEqual(expect.arrayContaining(["events_28d", "log_events", "days_since_last_event"]));
  });

  test("a single leaking feature is named, the honest ones are not", () => {
    const columns = columnsOf(fc.sample(logs({ maxLength: 60 }), { numRuns: 10, seed: 4 }).flat(), 3);
    const cutoff = columns.knownAtMs[Math.floor(columns.knownAtMs.length / 2)] ?? 0;
    const { altered } = alterAfter(columns, cutoff, seededRng(1));
    const withLeak = (seen: EventColumns): Catalogue<States> => ({
      ...POINT_IN_TIME,
      features: [
        ...POINT_IN_TIME.features,
        {
          name: "pages_tomorrow",
          family: "volume",
          unit: "count",
          knownAt: "rows",
          description: "sum of the page codes of the whole log",
          read: () => seen.page.reduce((sum, page) => sum + page, 0),
        },
      ],
    });
    const before = photographed(columns, withLeak(columns), cutoff);
    expect(changedFeatures(before, photographed(altered, withLeak(altered), cutoff))).toEqual(["pages_tomorrow"]);
  });

  test("a row more or less counts for all features", () => {
    const columns = columnsOf(fc.sample(logs(), { numRuns: 1, seed: 4 }).flat(), 3);
    const table = photographed(
      columns,
      POINT_IN_TIME,
      columns.knownAtMs.reduce((a, b) => Math.max(a, b)),
    );
    const fewer = { ...table, x: { ...table.x, rows: table.x.rows - 1 } };
    expect(changedFeatures(table, fewer)).toEqual(table.features);
  });
});
