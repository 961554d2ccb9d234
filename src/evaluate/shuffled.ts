import type { Matrix } from "../base/matrix.js";
import { takeRows } from "../base/matrix.js";
import type { World } from "../base/world.js";
import { shareOfRows } from "./class-share.js";
import type { LabelledRows, Learner, Params } from "./learner.js";
import { measure } from "./metrics.js";

/** Rows without a time: the shuffled folds of the reference system. `foldOf` is the test fold of every row. */
export interface ShuffledData {
  readonly x: Matrix;
  readonly y: Uint8Array;
  readonly foldOf: Uint8Array;
  readonly folds: number;
}

/** A part to learn from, and the rows that are predicted. */
interface ShuffledFold {
  readonly train: LabelledRows;
  readonly test: Int32Array;
  readonly testX: Matrix;
}

/** The folds where models learn from a share of their training rows; those of one share are made once. */
export function foldsOf(data: ShuffledData): (share: number) => readonly ShuffledFold[] {
  const known = new Map<number, readonly ShuffledFold[]>();
  return (share) => {
    const folds = known.get(share) ?? Array.from({ length: data.folds }, (_, fold) => foldOf(data, fold, share));
    known.set(share, folds);
    return folds;
  };
}

function foldOf(data: ShuffledData, fold: number, share: number): ShuffledFold {
  const test = rowsWhere(data.foldOf, (of) => of === fold);
  const rest = rowsWhere(data.foldOf, (of) => of !== fold);
  const train = shareOfRows(rest, data.y, share);
  const y = Uint8Array.from(train, (row) => data.y[row] ?? 0);
  const rows = { x: takeRows(data.x, train), y, user: Int32Array.from(y.keys()), users: y.length };
  return { train: rows, test, testX: takeRows(data.x, test) };
}

/** Out-of-fold predictions, in row order. */
export function crossPredict(
  folds: readonly ShuffledFold[],
  { learner, params }: { readonly learner: Learner; readonly params: Params },
  world: World,
): Float64Array {
  const p = new Float64Array(folds.reduce((rows, { test }) => rows + test.length, 0));
  for (const { train, test, testX } of folds) {
    const predicted = learner.fit(train, params, world).predict(testX);
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
