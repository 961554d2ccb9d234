import type { Matrix } from "../base/matrix.js";
import { takeRows } from "../base/matrix.js";
import type { World } from "../base/world.js";
import type { Learner, Params } from "./learner.js";
import { measure } from "./metrics.js";

/** Rows without a time: the shuffled folds of the reference system. `foldOf` is the test fold of every row. */
export interface ShuffledData {
  readonly x: Matrix;
  readonly y: Uint8Array;
  readonly foldOf: Uint8Array;
  readonly folds: number;
}

/** Out-of-fold predictions, in row order. */
export function crossPredict(data: ShuffledData, learner: Learner, params: Params, world: World): Float64Array {
  const p = new Float64Array(data.y.length);
  for (let fold = 0; fold < data.folds; fold++) {
    const test = rowsWhere(data.foldOf, (of) => of === fold);
    const train = rowsWhere(data.foldOf, (of) => of !== fold);
    const labels = Uint8Array.from(train, (row) => data.y[row] ?? 0);
    const rows = { x: takeRows(data.x, train), y: labels, user: Int32Array.from(labels.keys()), users: labels.length };
    const predicted = learner.fit(rows, params, world).predict(takeRows(data.x, test));
    test.forEach((row, i) => {
      p[row] = predicted[i] ?? Number.NaN;
    });
  }
  return p;
}

/**
 * The setting with the highest mean F1 over the folds at a threshold of one half, and its score on those same folds: the
 * reference's tuning, which also flatters its result. `between` is called before each setting, and may stop the search.
 */
export async function tuneOnFolds(
  data: ShuffledData,
  { learner, grid, between }: { learner: Learner; grid: readonly Params[]; between: () => Promise<void> },
  world: World,
): Promise<{ params: Params; p: Float64Array }> {
  let best = { params: learner.defaults, p: new Float64Array(0) as Float64Array, f1: Number.NEGATIVE_INFINITY };
  for (const params of grid) {
    await between();
    const p = crossPredict(data, learner, params, world);
    const f1 = meanOverFolds(data, p, "f1");
    if (f1 > best.f1) best = { params, p, f1 };
  }
  return best;
}

/** Mean over the test folds of a metric at a threshold of one half, as scikit-learn's cross-validation reports it. */
export function meanOverFolds({ y, foldOf, folds }: ShuffledData, p: Float64Array, metric: "f1" | "rocAuc"): number {
  let sum = 0;
  for (let fold = 0; fold < folds; fold++) {
    const rows = rowsWhere(foldOf, (of) => of === fold);
    sum += measure(metric, {
      y: Uint8Array.from(rows, (row) => y[row] ?? 0),
      p: Float64Array.from(rows, (row) => p[row] ?? 0),
      threshold: 0.5,
    });
  }
  return sum / folds;
}

function rowsWhere(foldOf: Uint8Array, test: (fold: number) => boolean): Int32Array {
  return Int32Array.from(Array.from(foldOf.keys()).filter((row) => test(foldOf[row] ?? 0)));
}
