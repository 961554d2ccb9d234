import type { Matrix } from "../base/matrix.js";
import { takeRows } from "../base/matrix.js";
import type { World } from "../base/world.js";
import { shareOfRows } from "./class-share.js";
import type { Learner, Params } from "./learner.js";
import { measure } from "./metrics.js";

/** Rows without a time: the shuffled folds of the reference system. `foldOf` is the test fold of every row. */
export interface ShuffledData {
  readonly x: Matrix;
  readonly y: Uint8Array;
  readonly foldOf: Uint8Array;
  readonly folds: number;
}

/** Out-of-fold predictions, in row order, by models that learn from that share of their training rows (absent: all). */
export function crossPredict(
  data: ShuffledData,
  { learner, params, share = 1 }: { readonly learner: Learner; readonly params: Params; readonly share?: number },
  world: World,
): Float64Array {
  const p = new Float64Array(data.y.length);
  for (let fold = 0; fold < data.folds; fold++) {
    const test = rowsWhere(data.foldOf, (of) => of === fold);
    const train = shareOfRows(
      rowsWhere(data.foldOf, (of) => of !== fold),
      data.y,
      share,
    );
    const labels = Uint8Array.from(train, (row) => data.y[row] ?? 0);
    const rows = { x: takeRows(data.x, train), y: labels, user: Int32Array.from(labels.keys()), users: labels.length };
    const predicted = learner.fit(rows, params, world).predict(takeRows(data.x, test));
    test.forEach((row, i) => {
      p[row] = predicted[i] ?? Number.NaN;
    });
  }
  return p;
}

/** A metric at a threshold of one half in each test fold. */
export function overFolds(
  { y, foldOf, folds }: ShuffledData,
  p: Float64Array,
  metric: "f1" | "rocAuc" | "averagePrecision",
): number[] {
  return Array.from({ length: folds }, (_, fold) => {
    const rows = rowsWhere(foldOf, (of) => of === fold);
    return measure(metric, {
      y: Uint8Array.from(rows, (row) => y[row] ?? 0),
      p: Float64Array.from(rows, (row) => p[row] ?? 0),
      threshold: 0.5,
    });
  });
}

/** Mean over the test folds of F1 at a threshold of one half, as scikit-learn's cross-validation reports it. */
export function meanF1OverFolds(data: ShuffledData, p: Float64Array): number {
  return overFolds(data, p, "f1").reduce((sum, value) => sum + value, 0) / data.folds;
}

function rowsWhere(foldOf: Uint8Array, test: (fold: number) => boolean): Int32Array {
  return Int32Array.from(Array.from(foldOf.keys()).filter((row) => test(foldOf[row] ?? 0)));
}
