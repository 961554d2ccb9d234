import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { seededRng } from "../../src/base/rng.js";
import { calibrationByGroup, reliabilityBins } from "../../src/evaluate/reliability.js";
import { shareInterval } from "../../src/evaluate/share-interval.js";
import { needsShared, readShared } from "../shared.js";

const STATISTICS = "reference/statistics.json";

describe("the interval of a share", () => {
  test.skipIf(needsShared(STATISTICS))("of one row a user is Wilson's, as statsmodels has it", () => {
    type Case = { k: number; n: number; level: number; expected: { wilson: [number, number] } };
    const { intervals } = readShared<{ expected: { intervals: Case[] } }>(STATISTICS).expected;
    const cases = intervals.filter(({ level }) => level === 0.95);
    expect(cases.length).toBeGreaterThan(2);
    for (const { k, n, expected } of cases) {
      const { low, high } = shareInterval(
        Array.from({ length: n }, (_, row) => (row < k ? 1 : 0)),
        [...Array(n).keys()],
      );
      expect(Math.abs(low - expected.wilson[0])).toBeLessThan(1e-12);
      expect(Math.abs(high - expected.wilson[1])).toBeLessThan(1e-12);
    }
  });

  test("4 of 10 users: 0.1682 to 0.6873", () => {
    const { share, low, high } = shareInterval([1, 1, 1, 1, 0, 0, 0, 0, 0, 0], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(share).toBe(0.4);
    expect(low).toBeCloseTo(0.16818, 4);
    expect(high).toBeCloseTo(0.68733, 4);
  });

  test("rows that repeat their user say no more than the user does", () => {
    const y = [1, 1, 1, 1, 0, 0, 0, 0, 0, 0];
    const repeated = y.flatMap((label) => Array<number>(7).fill(label));
    const user = y.flatMap((_, id) => Array<number>(7).fill(id));
    const once = shareInterval(y, [...y.keys()]);
    const many = shareInterval(repeated, user);
    expect(many.low).toBeCloseTo(once.low, 10);
    expect(many.high).toBeCloseTo(once.high, 10);
    const strangers = shareInterval(repeated, [...repeated.keys()]);
    expect(strangers.high - strangers.low).toBeLessThan((many.high - many.low) / 2);
  });

  test("holds the truth in 95% of draws, rows of a user together", () => {
    const rng = seededRng("coverage");
    const rate = 0.08;
    let held = 0;
    for (let draw = 0; draw < 400; draw++) {
      const y: number[] = [];
      const user: number[] = [];
      for (let id = 0; id < 150; id++) {
        const fate = rng.uniform() < rate ? 1 : 0;
        // Four rows of a user; one in five is another fate's.
        for (let k = 0; k < 4; k++) {
          y.push(rng.uniform() < 0.2 ? (rng.uniform() < rate ? 1 : 0) : fate);
          user.push(id);
        }
      }
      const { low, high } = shareInterval(y, user);
      if (low <= rate && rate <= high) held++;
    }
    expect(held / 400).toBeGreaterThan(0.92);
    expect(held / 400).toBeLessThan(0.98);
  });

  test("nobody and everybody have intervals too", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.constantFrom(0, 1), (n, label) => {
        const { low, high } = shareInterval(Array<number>(n).fill(label), [...Array(n).keys()]);
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(1);
        expect(high - low).toBeGreaterThan(0.05);
      }),
    );
  });
});

describe("bins and groups", () => {
  const rng = seededRng("bins");
  const n = 3000;
  const p = Float64Array.from({ length: n }, () => rng.uniform() ** 2);
  const y = Uint8Array.from(p, (value) => (rng.uniform() < value ? 1 : 0));
  const user = Int32Array.from(p.keys());
  const rows = { y, p, user };

  test("ten bins of equal mass, ascending, that hold what was predicted", () => {
    const bins = reliabilityBins(rows);
    expect(bins.map((bin) => bin.rows)).toEqual(Array(10).fill(300));
    expect([...bins].sort((a, b) => a.predicted - b.predicted)).toEqual(bins);
    expect(bins.filter(({ predicted, low, high }) => predicted < low || predicted > high).length).toBeLessThanOrEqual(
      2,
    );
  });

  test("groups add up to all rows; small ones are put together; a wrong one is seen", () => {
    const wrong = p.map((value, row) => (row % 3 === 0 ? Math.min(1, 2 * value) : value));
    const groupOf = (row: number) => (row < 40 ? "tiny" : row < 50 ? null : (["a", "b", "c"][row % 3] ?? null));
    const groups = calibrationByGroup({ ...rows, p: wrong }, groupOf, { groupsMax: 5, rowsMin: 100 });
    expect(groups.map(({ group }) => group)).toEqual(expect.arrayContaining(["a", "b", "c", "other"]));
    expect(groups.at(-1)).toMatchObject({ group: "other", rows: 50 });
    expect(groups.reduce((sum, own) => sum + own.rows, 0)).toBe(n);
    expect(groups.reduce((sum, own) => sum + own.churned, 0)).toBe(y.reduce((sum, label) => sum + label, 0));
    const a = groups.find(({ group }) => group === "a");
    expect(a?.predicted).toBeGreaterThan(a?.high ?? 1);
  });
});
