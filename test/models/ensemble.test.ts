import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { seededRng } from "../../src/base/rng.js";
import { contributionsOf } from "../../src/models/contributions.js";
import type { EnsembleMember, EnsembleState } from "../../src/models/ensemble.js";
import { fitKinds, withKinds } from "../../src/models/kinds.js";
import { fitLogistic, type LogisticState } from "../../src/models/logistic.js";
import { linearPartOf, probabilityOf } from "../../src/models/model-state.js";
import { randomBoosting, randomForest, randomRows } from "./trees/random-trees.js";

const COLS = 5;
const x = randomRows("ensemble", 200, COLS);
for (let i = 0; i < x.rows; i++) {
  x.data[i * COLS + 3] = i % 2 === 0 ? 2 : 30;
  x.data[i * COLS + 4] = 100;
}
const y = Uint8Array.from({ length: x.rows }, (_, i) => ((x.data[i * COLS] ?? 0) > 0.4 || i % 7 === 0 ? 1 : 0));
const plain = { penalty: "l2", C: 1, classWeight: null, selectK: null } as const;

function withLearnedKinds(): LogisticState {
  const kinds = fitKinds(x, Int32Array.from(y.keys()), [{ name: "e", events: 3, exposure: 4 }], seededRng("kinds"));
  expect(kinds.names.length).toBeGreaterThan(0);
  return { ...fitLogistic(withKinds(kinds, x), y, null, plain), inputs: COLS, kinds };
}

const logistic = withLearnedKinds();
/** A steep forest besides: it says 0 and 1, where log-odds are cut. */
function members(seed: number): EnsembleMember[] {
  const size = { inputs: COLS, depth: 4, trees: 6 };
  return [
    { name: "logistic", state: logistic },
    { name: "forest", state: randomForest(`${seed}`, { ...size, trees: 1 }) },
    { name: "boosting", state: randomBoosting(`${seed}`, size) },
  ];
}
const LINE: LogisticState = {
  kind: "logistic",
  inputs: 3,
  columns: [0, 1, 2],
  mean: [-1, -0.5, 0.2],
  scale: [1.5, 2, 1],
  coef: [0.8, 0.3, -0.1],
  intercept: -1.2,
};
const rowAt = (i: number) => x.data.slice(i * COLS, (i + 1) * COLS);

describe("an ensemble", () => {
  it.each([
    ["vote", null, "probability"],
    ["stack", LINE, "log-odds"],
    ["stack that dropped a member", { ...LINE, columns: [2], mean: [0], scale: [1], coef: [1] }, "log-odds"],
  ] as const)("%s: contributions add up to what it says", (_, line, scale) => {
    fc.assert(
      fc.property(fc.nat(1e6), fc.nat(x.rows - 1), (seed, at) => {
        const state: EnsembleState = { kind: "ensemble", inputs: COLS, members: members(seed), line };
        const told = contributionsOf(state, rowAt(at));
        const [p = 9] = probabilityOf(state, { rows: 1, cols: COLS, data: rowAt(at) });
        // Boosted trees add up in float32.
        const sum = told.effects.reduce((total, effect) => total + effect, told.base);
        expect(told.scale).toBe(scale);
        expect(told.effects.length).toBe(COLS + (logistic.kinds?.names.length ?? 0));
        expect(told.values.length).toBe(told.effects.length);
        expect(sum).toBeCloseTo(scale === "probability" ? p : Math.log(p / (1 - p)), 6);
      }),
      { numRuns: 60 },
    );
  });

  it("votes by the mean, and a stack of one member with a line of slope 1 is that member", () => {
    const [own, ...others] = members(3);
    if (own === undefined) throw new Error("no member");
    const said = [own, ...others].map(({ state }) => probabilityOf(state, x));
    const vote = probabilityOf({ kind: "ensemble", inputs: COLS, members: [own, ...others], line: null }, x);
    vote.forEach((p, i) => {
      expect(p).toBeCloseTo(
        said.reduce((sum, one) => sum + (one[i] ?? 9) / 3, 0),
        14,
      );
    });
    const line = { ...LINE, inputs: 1, columns: [0], mean: [0], scale: [1], coef: [1], intercept: 0 };
    const alone = probabilityOf({ kind: "ensemble", inputs: COLS, members: [own], line }, x);
    alone.forEach((p, i) => {
      expect(p).toBeCloseTo(Math.min(Math.max(said[0]?.[i] ?? 9, 1e-3), 1 - 1e-3), 12);
    });
  });

  it("has as its linear part the member that may know kinds of users", () => {
    const state = { kind: "ensemble", inputs: COLS, members: members(1), line: null } as const;
    expect(linearPartOf(state)).toBe(logistic);
    expect(linearPartOf({ ...state, members: members(1).slice(1) })).toBeNull();
  });
});
