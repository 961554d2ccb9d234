// hot loop
import { type Matrix, matrix } from "../base/matrix.js";
import { type Rng, shuffledIndices } from "../base/rng.js";
import { fitScaler, standardise } from "./scaler.js";

/** Neighbours between which synthetic rows are drawn, as in the paper. */
const NEIGHBOURS = 5;

export interface NearestRows {
  /** Numbers of the nearest other rows, nearest first; equally near ones by number. */
  readonly neighbours: readonly Int32Array[];
  readonly distances: readonly Float64Array[];
}

/**
 * The `count` nearest rows of each row by Euclidean distance, among rows of other users where users are given. Compares every row with
 * every other: rows² × columns steps.
 *
 * @param z without missing values, standardised
 */
export function nearestRows(z: Matrix, count: number, user: Int32Array | null = null): NearestRows {
  const neighbours: Int32Array[] = [];
  const distances: Float64Array[] = [];
  const squared = new Float64Array(z.rows);
  for (let i = 0; i < z.rows; i++) {
    const others: number[] = [];
    for (let k = 0; k < z.rows; k++) {
      if (k === i || (user !== null && user[k] === user[i])) continue;
      squared[k] = squaredDistance(z, i, k);
      insertNearest(others, k, { squared, count });
    }
    neighbours.push(Int32Array.from(others));
    distances.push(Float64Array.from(others, (k) => Math.sqrt(squared[k]!)));
  }
  return { neighbours, distances };
}

function squaredDistance({ data, cols }: Matrix, i: number, k: number): number {
  let sum = 0;
  for (let j = 0; j < cols; j++) sum += (data[i * cols + j]! - data[k * cols + j]!) ** 2;
  return sum;
}

function insertNearest(
  found: number[],
  row: number,
  { squared, count }: { readonly squared: Float64Array; readonly count: number },
): void {
  const own = squared[row]!;
  let at = found.length;
  if (at === count && !(own < squared[found[at - 1]!]!)) return;
  while (at > 0 && own < squared[found[at - 1]!]!) at--;
  found.splice(at, 0, row);
  if (found.length > count) found.pop();
}

export interface Smoted {
  /** The rows that were given, unchanged and in their order, then the synthetic ones. */
  readonly x: Matrix;
  readonly y: Uint8Array;
  /** For each synthetic row the number of the given row that it starts from. */
  readonly base: Int32Array;
}

/**
 * Synthetic minority oversampling (Chawla et al. 2002): as many synthetic rows of the rarer label as make both labels equally many.
 * Each is a + u (b − a), a a row of the rarer label (all in turn, in a random order), b one of its five nearest (standardised on all
 * rows, a missing value at the mean), u uniform in [0, 1) and the same for every column. Where a or b lacks a value, the
 * synthetic row has that of a. A row that has no neighbour is repeated.
 *
 * @param user whose a row is, where rows of a user repeat one another: b is then another user's
 */
export function smote(x: Matrix, y: Uint8Array, user: Int32Array | null, rng: Rng): Smoted {
  const ones = y.reduce<number>((sum, label) => sum + label, 0);
  const rarer = ones * 2 <= y.length ? 1 : 0;
  const rows = Int32Array.from(y.keys()).filter((row) => y[row] === rarer);
  const missing = y.length - 2 * rows.length;
  const z = standardise(fitScaler(x, null), x);
  const near = nearestRows(rowsOf(z, rows), NEIGHBOURS, user && Int32Array.from(rows, (row) => user[row]!));
  const order = shuffledIndices(rows.length, rng);
  const base = Int32Array.from({ length: rows.length === 0 ? 0 : missing }, (_, s) => rows[order[s % rows.length]!]!);
  const data = new Float64Array((x.rows + base.length) * x.cols);
  data.set(x.data);
  base.forEach((a, s) => {
    const known = near.neighbours[order[s % rows.length]!]!;
    const b = known.length === 0 ? a : rows[known[rng.below(known.length)]!]!;
    between(x, { a, b, u: rng.uniform() }, data.subarray((x.rows + s) * x.cols, (x.rows + s + 1) * x.cols));
  });
  const labels = new Uint8Array(x.rows + base.length).fill(rarer);
  labels.set(y);
  return { x: matrix(x.rows + base.length, x.cols, data), y: labels, base };
}

function between(
  { data, cols }: Matrix,
  { a, b, u }: { readonly a: number; readonly b: number; readonly u: number },
  out: Float64Array,
): void {
  for (let j = 0; j < cols; j++) {
    const from = data[a * cols + j]!;
    const to = data[b * cols + j]!;
    const value = from + u * (to - from);
    out[j] = Number.isNaN(value) ? from : value;
  }
}

function rowsOf(z: Matrix, rows: Int32Array): Matrix {
  const data = new Float64Array(rows.length * z.cols);
  rows.forEach((row, i) => {
    data.set(z.data.subarray(row * z.cols, (row + 1) * z.cols), i * z.cols);
  });
  return { rows: rows.length, cols: z.cols, data };
}
