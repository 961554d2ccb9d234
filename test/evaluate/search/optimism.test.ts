import { describe, expect, test } from "vitest";
import { seededRng } from "../../../src/base/rng.js";
import { METRICS } from "../../../src/evaluate/metrics.js";
import { once } from "../../../src/evaluate/scored.js";
import { leaderboard } from "../../../src/evaluate/search/leaderboard.js";
import { selectionOptimism } from "../../../src/evaluate/search/optimism.js";

const ROWS = 400;
const SETTINGS = 40;

/** Scores of settings that see `signal` of the label and noise besides, and the choice of the highest AUC. */
function contest(seed: number, signalOf: (setting: number) => number) {
  const rng = seededRng(`contest ${seed}`);
  const y = Uint8Array.from({ length: ROWS }, () => (rng.uniform() < 0.2 ? 1 : 0));
  const user = Int32Array.from(y.keys());
  const scores = Array.from({ length: SETTINGS }, (_, setting) =>
    Float64Array.from(y, (label) => 1 / (1 + Math.exp(-(signalOf(setting) * label + rng.normal())))),
  );
  const measures = scores.map((p) => METRICS.rocAuc.prepare({ y, p }));
  const choose = (counts: Float64Array): number => {
    const values = measures.map((measure) => measure(counts));
    return values.indexOf(Math.max(...values));
  };
  return { y, user, scores, measures, choose };
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe("where all settings are noise", () => {
  const found = Array.from({ length: 12 }, (_, seed) => {
    const { user, measures, choose } = contest(seed, () => 0);
    return selectionOptimism({ user, measures, choose }, seededRng(seed));
  });

  test("the winner looks as if it knew something, and is told that it does not", () => {
    expect(mean(found.map(({ apparent }) => apparent))).toBeGreaterThan(0.56);
    expect(Math.abs(mean(found.map(({ corrected }) => corrected)) - 0.5)).toBeLessThan(0.015);
    for (const { optimism, apparent, corrected } of found) expect(optimism).toBe(apparent - corrected);
  });
});

test("average precision, which is higher on fewer users, is not taken for knowledge", () => {
  const found = Array.from({ length: 12 }, (_, seed) => {
    const { y, user, scores } = contest(seed, () => 0);
    const measures = scores.map((p) => METRICS.averagePrecision.prepare({ y, p }));
    const choose = (counts: Float64Array): number => {
      const values = measures.map((measure) => measure(counts));
      return values.indexOf(Math.max(...values));
    };
    const usual = mean(measures.map((measure) => measure(once(ROWS))));
    return { ...selectionOptimism({ user, measures, choose }, seededRng(seed)), usual };
  });
  const usual = mean(found.map((own) => own.usual));
  expect(mean(found.map(({ apparent }) => apparent))).toBeGreaterThan(usual + 0.03);
  expect(Math.abs(mean(found.map(({ corrected }) => corrected)) - usual)).toBeLessThan(0.012);
});

test("one setting alone is not flattered", () => {
  const { user, measures } = contest(1, () => 1);
  const { apparent, optimism } = selectionOptimism(
    { user, measures: measures.slice(0, 1), choose: () => 0 },
    seededRng(1),
  );
  expect(apparent).toBeGreaterThan(0.7);
  expect(Math.abs(optimism)).toBeLessThan(0.01);
});

test("a setting that is better by far is chosen in every draw, and costs nothing", () => {
  const { user, measures, choose } = contest(2, (setting) => (setting === 7 ? 3 : 0));
  expect(choose(once(ROWS))).toBe(7);
  const { apparent, optimism } = selectionOptimism({ user, measures, choose }, seededRng(1));
  expect(apparent).toBeGreaterThan(0.95);
  expect(Math.abs(optimism)).toBeLessThan(0.01);
});

test("rows of a user are drawn together", () => {
  const { measures, choose } = contest(3, () => 0);
  const user = Int32Array.from({ length: ROWS }, (_, row) => Math.floor(row / 10));
  selectionOptimism(
    {
      user,
      measures,
      choose: (counts) => {
        for (let row = 0; row < ROWS; row += 10) expect(new Set(counts.subarray(row, row + 10)).size).toBe(1);
        return choose(counts);
      },
    },
    seededRng(1),
  );
});

test("the leaderboard lists the best first, with what was planned and what ran", () => {
  const { y, user, scores, choose } = contest(4, (setting) => setting / 20);
  const tried = scores.map((p, at) => ({ params: { at }, scores: p }));
  const board = leaderboard(
    { tried, ran: 39, planned: 60, rounds: 5, search: "random" },
    { y, user },
    { criterion: "highest AUC", choose, metrics: ["rocAuc", "averagePrecision"] },
    seededRng(1),
  );
  expect(board).toMatchObject({ search: "random", planned: 60, ran: 39, method: "BBC-CV" });
  expect(board?.leaderboard).toHaveLength(10);
  const aucs = board?.leaderboard.map(({ rocAuc }) => rocAuc ?? 0) ?? [];
  expect([...aucs].sort((a, b) => b - a)).toEqual(aucs);
  expect(board?.leaderboard[0]?.setting).toBe(board?.chosen);
  expect(board?.optimism.rocAuc?.apparent).toBe(aucs[0]);
});
