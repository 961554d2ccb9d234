import { expect, test } from "vitest";
import { matrix } from "../../src/base/matrix.js";
import { seededRng } from "../../src/base/rng.js";
import { contributionsOf } from "../../src/models/contributions.js";
import { fitKinds, withKinds } from "../../src/models/kinds.js";
import { type LogisticState, logisticMargin } from "../../src/models/logistic.js";

const SIGNALS = [
  { name: "adverts", events: 0, exposure: 2 },
  { name: "thumbs", events: 1, exposure: 2 },
];

/** 300 users of whom every third hears three times the adverts; columns adverts, thumbs, songs. */
function users() {
  const data = new Float64Array(900);
  for (let i = 0; i < 300; i++) data.set([i % 3 === 0 ? 60 : 20, 10 + (i % 2), 200], i * 3);
  return matrix(300, 3, data);
}
const everybody = Int32Array.from({ length: 300 }, (_, i) => i);
const kinds = fitKinds(users(), everybody, SIGNALS, seededRng(1));

test("a kind is named by what tells it from the largest, and its column is the probability", () => {
  expect(kinds.names).toEqual(["kind_more_adverts"]);
  const seen = withKinds(kinds, users());
  expect(seen.cols).toBe(4);
  expect([0, 1, 2, 3].map((i) => Math.round(seen.data[i * 4 + 3] ?? Number.NaN))).toEqual([1, 0, 0, 1]);
  expect(Array.from(seen.data.subarray(4, 7))).toEqual([20, 11, 200]);
});

test("a missing count is no evidence", () => {
  const [share = Number.NaN] = kinds.mixture.shares.slice(1);
  const none = withKinds(kinds, matrix(1, 3, Float64Array.of(Number.NaN, Number.NaN, 200)));
  expect(none.data[3]).toBeCloseTo(share, 12);
});

test("what a kind adds is told apart from the inputs, and all add up to the margin", () => {
  const state: LogisticState = {
    kind: "logistic",
    inputs: 3,
    columns: [2, 3],
    mean: [100, 0.3],
    scale: [50, 0.5],
    coef: [0.5, 2],
    intercept: -3,
    kinds,
  };
  const row = users().data.subarray(0, 3);
  const { effects, values } = contributionsOf(state, row);
  expect(Array.from(effects)).toEqual([0, 0, 1, 2 * (((values[3] ?? 0) - 0.3) / 0.5)]);
  const [margin] = logisticMargin(state, users());
  expect(effects.reduce((sum, effect) => sum + effect, state.intercept)).toBeCloseTo(margin ?? Number.NaN, 12);
});
