import { describe, expect, it } from "vitest";
import { log1pExp } from "../../src/base/math/sigmoid.js";
import { takeColumns, takeRows } from "../../src/base/matrix.js";
import { rocAuc } from "../../src/evaluate/metrics.js";
import { contributionsOf } from "../../src/models/contributions.js";
import { fitLogistic, type LogisticState, logistic, logisticMargin } from "../../src/models/logistic.js";
import { needsShared, readShared } from "../shared.js";
import { MEDIUM_FILE, readMedium } from "./medium.js";

interface Reference {
  readonly coef: number[];
  readonly intercept: number;
  readonly objective: number;
  readonly probabilityFirst50: number[];
}
interface Model extends Reference {
  readonly penalty: "l1" | "l2";
  readonly C: number;
  readonly classWeight: { readonly 0: number; readonly 1: number };
  readonly exact?: Reference;
}
interface CrossValidation {
  readonly input: { readonly foldOfRow: Record<string, number[]> };
  readonly expected: {
    readonly mediumCrossValidation: Record<string, { perSeedFoldValues: Record<string, { rocAuc: number[] }> }>;
  };
}

const plain = { penalty: "l2", C: 1, classWeight: null, selectK: null } as const;

describe.skipIf(needsShared(MEDIUM_FILE))("logistic regression against scikit-learn", () => {
  it.each(["l2_C1", "l2_C0.1_balanced", "l1_C1", "l1_C0.1_weight1:2"])("%s", (name) => {
    const { models } = readShared<{ expected: { models: Record<string, Model> } }>("reference/logistic.json").expected;
    const model = models[name] as Model;
    const reference = model.exact ?? model;
    const { x, y } = readMedium();
    const classWeight = name.includes("balanced")
      ? "balanced"
      : ([model.classWeight[0], model.classWeight[1]] as const);
    const state = fitLogistic(x, y, null, { penalty: model.penalty, C: model.C, classWeight, selectK: null });
    // Under l1 only the difference of the gender pair is determined.
    const comparable = ([f = 0, m = 0, ...rest]: readonly number[]) =>
      model.penalty === "l1" ? [f - m, ...rest] : [f, m, ...rest];
    const tolerance = model.penalty === "l1" ? 1e-6 : 1e-9;
    expect(worst(comparable(state.coef), comparable(reference.coef))).toBeLessThan(tolerance);
    expect(Math.abs(state.intercept - reference.intercept)).toBeLessThan(tolerance);
    const p = logistic.predict(state, x);
    expect(worst(Array.from(p.subarray(0, 50)), reference.probabilityFirst50)).toBeLessThan(1e-6);
    const margin = logisticMargin(state, x);
    const loss = margin.reduce((sum, eta, i) => {
      const label = y[i] === 1 ? 1 : 0;
      return sum + model.C * model.classWeight[label] * (log1pExp(eta) - label * eta);
    }, 0);
    const penalty = state.coef.reduce((sum, w) => sum + (model.penalty === "l1" ? Math.abs(w) : 0.5 * w * w), 0);
    expect(Math.abs((loss + penalty) / reference.objective - 1)).toBeLessThan(1e-9);
  });

  it.each(["all46", "withoutDaysSinceLastActivity"])("cross-validated AUC, %s", (name) => {
    const { input, expected } = readShared<CrossValidation>("reference/models-auc.json");
    const { features, x: all, y } = readMedium();
    const kept = features.flatMap((f, j) => (name === "all46" || f !== "days_since_last_activity" ? [j] : []));
    const x = takeColumns(all, kept);
    for (const [seed, { rocAuc: values }] of Object.entries(
      expected.mediumCrossValidation[name]?.perSeedFoldValues ?? {},
    )) {
      const fold = input.foldOfRow[seed] ?? [];
      const ours = values.map((_, k) => {
        const train = fold.flatMap((f, i) => (f === k ? [] : [i]));
        const test = fold.flatMap((f, i) => (f === k ? [i] : []));
        const at = (rows: number[]) => Uint8Array.from(rows, (i) => y[i] ?? 0);
        const state = fitLogistic(takeRows(x, train), at(train), null, plain);
        return rocAuc({ y: at(test), p: logistic.predict(state, takeRows(x, test)) });
      });
      expect(worst(ours, values)).toBeLessThan(1e-6);
    }
  });

  it("adds contributions and intercept up to the margin, and starts warm to the same place", () => {
    const { x, y } = readMedium();
    const params = { ...plain, selectK: 25 };
    const state = fitLogistic(x, y, null, params);
    const row = x.data.subarray(0, x.cols);
    const { effects: added } = contributionsOf(state, row);
    const sum = added.reduce((total, value) => total + value, state.intercept);
    expect(sum).toBeCloseTo(logisticMargin(state, x)[0] ?? Number.NaN, 12);
    expect(added.filter((value) => value !== 0).length).toBeLessThanOrEqual(25);
    const warm: LogisticState = fitLogistic(x, y, null, params, fitLogistic(x, y, null, { ...params, C: 0.1 }));
    expect(worst(warm.coef, state.coef)).toBeLessThan(1e-9);
  });
});

function worst(ours: readonly number[], theirs: readonly number[]): number {
  expect(ours.length).toBe(theirs.length);
  return Math.max(...theirs.map((value, i) => Math.abs((ours[i] ?? Number.NaN) - value)));
}
