import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { FULL_FILE, type Part, readFullUsers } from "../../../harness/full-users.js";
import { averagePrecision, rocAuc } from "../../../src/evaluate/metrics.js";
import { boosting } from "../../../src/models/boosting.js";
import type { Estimator } from "../../../src/models/estimator.js";
import { forest } from "../../../src/models/forest.js";
import type { Tree } from "../../../src/models/trees/tree.js";
import { xgboost } from "../../../src/models/xgboost.js";
import { needsShared, readShared, sharedPath } from "../../shared.js";
import { worldOf } from "./sample.js";

interface SavedTree {
  readonly split_indices: readonly number[];
  readonly split_conditions: readonly number[];
  readonly left_children: readonly number[];
  readonly right_children: readonly number[];
}

const fixture = JSON.parse(
  readFileSync(new URL("../../fixtures/xgboost-full-users.json", import.meta.url), "utf8"),
) as { trees: SavedTree[] };

interface Figures {
  readonly rocAuc: { readonly mean: number };
  readonly averagePrecision: { readonly mean: number };
}

describe.skipIf(needsShared(FULL_FILE))("tree models on the full users table, beside the Python libraries", () => {
  let train: Part;
  let test: Part;
  beforeAll(async () => {
    const read = await readFullUsers(sharedPath(""));
    train = read.train;
    test = read.test;
  });

  const figuresOf = (name: string) =>
    readShared<{ expected: { testSet: Record<string, Figures> } }>("reference/models-auc.json").expected.testSet[
      name
    ] as Figures;

  function beside<P, S>(
    estimator: Estimator<P, S>,
    name: string,
    changes: Partial<P> = {},
  ): { auc: number; ap: number; state: S } {
    const state = estimator.fit(train.x, train.y, null, { ...estimator.defaults, ...changes }, worldOf(42));
    const scored = { y: test.y, p: estimator.predict(state, test.x) };
    const theirs = figuresOf(name);
    return {
      auc: rocAuc(scored) - theirs.rocAuc.mean,
      ap: averagePrecision(scored) - theirs.averagePrecision.mean,
      state,
    };
  }

  it("xgboost grows XGBoost's trees", { timeout: 120_000 }, () => {
    const { auc, ap, state } = beside(xgboost, "XGBoost");
    expect(Math.abs(auc)).toBeLessThan(1e-3);
    expect(Math.abs(ap)).toBeLessThan(1e-3);
    expect(state.trees.length).toBe(200);
    [0, 199].forEach((number, i) => {
      const ours = state.trees[number] as Tree;
      const theirs = fixture.trees[i] as SavedTree;
      expect(ours.left).toEqual(theirs.left_children);
      expect(ours.right).toEqual(theirs.right_children);
      theirs.split_conditions.forEach((condition, node) => {
        const leaf = ours.left[node] === -1;
        if (!leaf) expect(ours.feature[node]).toBe(theirs.split_indices[node]);
        if (leaf) expect(Math.abs((ours.value[node] ?? 1) - condition)).toBeLessThan(1e-6);
        else expect(ours.threshold[node]).toBe(Math.fround(condition));
      });
    });
  });

  it("boosting is as good as scikit-learn's", { timeout: 120_000 }, () => {
    const { auc, ap } = beside(boosting, "GradientBoostingClassifier");
    expect(auc).toBeGreaterThan(-0.005);
    expect(ap).toBeGreaterThan(-0.005);
  });

  // All 300 trees take half a minute, and are a little better.
  it("half the forest is as good as scikit-learn's whole", { timeout: 300_000 }, () => {
    const { auc, ap } = beside(forest, "RandomForestClassifier", { trees: 150 });
    expect(auc).toBeGreaterThan(-0.005);
    expect(ap).toBeGreaterThan(-0.005);
  });
});
