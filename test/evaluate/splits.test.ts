import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { seededRng } from "../../src/base/rng.js";
import { MS_PER_DAY } from "../../src/base/time.js";
import {
  defaultTestCutoffs,
  forwardSplits,
  labelledCutoffs,
  outerSplits,
  POINT_IN_TIME_SHAPE,
  type ProtocolShape,
} from "../../src/evaluate/splits.js";
import { stratifiedFolds } from "../../src/evaluate/stratified-folds.js";
import { settledAt } from "../../src/labels/label.js";
import { DAY_0, day } from "./panel.js";

const spans = fc.record({
  firstTsMs: fc.nat(400 * MS_PER_DAY).map((ms) => DAY_0 + ms),
  lengthDays: fc.double({ min: 0, max: 200, noNaN: true }),
});
const shapes: fc.Arbitrary<ProtocolShape> = fc.record({
  cutoffs: fc.record({ everyDays: fc.integer({ min: 1, max: 7 }), minHistoryDays: fc.nat(20), seed: fc.nat() }),
  horizon: fc.record({ gapDays: fc.nat(3), horizonDays: fc.integer({ min: 1, max: 30 }) }),
  blocks: fc.integer({ min: 1, max: 6 }),
  minTrainCutoffs: fc.integer({ min: 1, max: 6 }),
  minTrainShare: fc.double({ min: 0, max: 0.6, noNaN: true }),
});

describe("cutoffs and blocks of any span", () => {
  test("the embargo holds, blocks are disjoint and in order, the gate is last, horizons lie inside the data", () => {
    const property = fc.property(spans, shapes, ({ firstTsMs, lengthDays }, shape) => {
      const lastTsMs = firstTsMs + lengthDays * MS_PER_DAY;
      const { cutoffs, tests, gate } = outerSplits({ firstTsMs, lastTsMs }, shape);
      for (const cutoff of cutoffs) {
        expect(cutoff - shape.cutoffs.minHistoryDays * MS_PER_DAY).toBeGreaterThanOrEqual(firstTsMs);
        expect(settledAt(cutoff, shape.horizon)).toBeLessThanOrEqual(lastTsMs);
      }
      const all = gate === null ? tests : [...tests, gate];
      const inTests = all.flatMap(({ test }) => test);
      expect(inTests).toEqual(cutoffs.slice(cutoffs.length - inTests.length));
      for (const { train, test } of all) {
        expect(test.length).toBeGreaterThan(0);
        expect(train.length).toBeGreaterThanOrEqual(shape.minTrainCutoffs);
        for (const at of train) expect(settledAt(at, shape.horizon)).toBeLessThanOrEqual(test[0] ?? Number.NaN);
        expect(train).toEqual(cutoffs.slice(0, train.length));
      }
      expect(gate === null).toBe(all.length < shape.blocks || shape.blocks === 0);
      expect(all.length).toBeLessThanOrEqual(shape.blocks);
    });
    fc.assert(property, { numRuns: 1000 });
  });

  test("the hour of the day is the seed's, the same every day", () => {
    const span = { firstTsMs: day(0), lastTsMs: day(90) };
    const hours = Array.from({ length: 40 }, (_, seed) => {
      const cutoffs = labelledCutoffs(span, { everyDays: 2, minHistoryDays: 7, seed });
      const found = new Set(cutoffs.map((at) => (at % MS_PER_DAY) / 3_600_000));
      expect(found.size).toBe(1);
      return [...found][0];
    });
    expect(new Set(hours).size).toBeGreaterThan(10);
    expect(hours[7]).toBe(seededRng(7).fork("cutoff-hour").below(24));
  });

  test("cutoffs are every so many days from the first that has the history", () => {
    const cutoffs = labelledCutoffs({ firstTsMs: day(0), lastTsMs: day(63) }, POINT_IN_TIME_SHAPE.cutoffs);
    expect((cutoffs[0] ?? 0) - day(7)).toBeLessThan(MS_PER_DAY);
    const steps = new Set(cutoffs.slice(1).map((at, i) => at - (cutoffs[i] ?? 0)));
    expect([...steps]).toEqual([2 * MS_PER_DAY]);
    expect(settledAt((cutoffs.at(-1) ?? 0) + 2 * MS_PER_DAY, POINT_IN_TIME_SHAPE.horizon)).toBeGreaterThan(day(63));
  });

  test("two months give three test blocks and a gate; the simulator measures on the same cutoffs", () => {
    const { tests, gate } = outerSplits({ firstTsMs: day(0), lastTsMs: day(63) });
    expect(tests).toHaveLength(3);
    expect(gate?.test[0] ?? 0).toBeGreaterThan(tests.at(-1)?.test.at(-1) ?? 0);
    expect(defaultTestCutoffs(day(0), day(63))).toEqual(tests.flatMap(({ test }) => test));
  });

  test("a span too short gives no block", () => {
    expect(outerSplits({ firstTsMs: day(0), lastTsMs: day(20) }).tests).toEqual([]);
    const shape = { blocks: 3, minTrainCutoffs: 1, horizon: POINT_IN_TIME_SHAPE.horizon };
    expect(forwardSplits([], shape)).toEqual([]);
    expect(forwardSplits([day(0), day(10.9)], shape)).toEqual([]);
    expect(forwardSplits([day(0), day(11)], shape)).toEqual([{ train: [day(0)], test: [day(11)] }]);
  });
});

describe("shuffled stratified folds", () => {
  test("deal each class, and all rows, round the folds", () => {
    const labels = fc.array(fc.nat(1), { minLength: 1, maxLength: 200 });
    const property = fc.property(labels, fc.integer({ min: 2, max: 7 }), fc.nat(), (y, folds, seed) => {
      const foldOf = stratifiedFolds(Uint8Array.from(y), folds, seededRng(seed));
      for (const keep of [() => true, (row: number) => y[row] === 1, (row: number) => y[row] === 0]) {
        const sizes = Array.from(
          { length: folds },
          (_, f) => y.filter((_y, row) => keep(row) && foldOf[row] === f).length,
        );
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
      }
    });
    fc.assert(property);
    const y = new Uint8Array(100);
    expect(stratifiedFolds(y, 5, seededRng(1))).not.toEqual(stratifiedFolds(y, 5, seededRng(2)));
  });
});
