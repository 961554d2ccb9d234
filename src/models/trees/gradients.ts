// hot loop
import { sigmoid } from "../../base/math/sigmoid.js";
import type { Sums } from "./growing.js";
import { type TrainingArrays, type TrainingShape, trainingArrays } from "./memory.js";
import type { Job } from "./threads/jobs.js";
import type { Memory } from "./wasm/instance.js";

/** How the log loss is counted. */
export interface Gradients {
  readonly memory: Memory;
  readonly shape: TrainingShape;
  /** What g and h are whole numbers of. */
  readonly unit: number;
  /** Whether h is the hessian, or the weight. */
  readonly byHessian: boolean;
  readonly positiveWeight: number;
}

/** Rows of a job. */
const CHUNK = 16_384;

export function gradientJobs(rows: number): number {
  return Math.ceil(rows / CHUNK);
}

/** Job k sets g and h, and the hessian, of each row of chunk k that has weight, in whole units; answers their sums. */
export function gradientJob(gradients: Gradients): Job {
  const arrays = trainingArrays(gradients.memory, gradients.shape);
  const { rows } = gradients.shape;
  return (k) => chunk(arrays, k * CHUNK, Math.min(rows, (k + 1) * CHUNK), gradients);
}

const HESSIAN_MIN = 1e-16;

function chunk(arrays: TrainingArrays, begin: number, end: number, rules: Omit<Gradients, "memory" | "shape">): Sums {
  const { y, weights, margin, rowSums, hessians } = arrays;
  const { unit, byHessian, positiveWeight } = rules;
  const ofChurned = positiveWeight / unit;
  const ofKept = 1 / unit;
  let totalG = 0;
  let totalH = 0;
  for (let i = begin; i < end; i++) {
    const weight = weights[i]!;
    if (weight === 0) continue;
    const p = sigmoid(margin[i]!);
    const own = y[i] === 1 ? ofChurned : ofKept;
    // A copy is rounded, not a row: two copies of a row then are the row of weight 2, to the last bit.
    const g = times(weight, rounded((p - y[i]!) * own));
    const hessian = times(weight, rounded(Math.max(p * (1 - p), HESSIAN_MIN) * own));
    const h = byHessian ? hessian : times(weight, rounded(own));
    rowSums[2 * i] = g;
    rowSums[2 * i + 1] = h;
    hessians[i] = hessian;
    totalG += g;
    totalH += h;
  }
  return { g: totalG, h: totalH };
}

/** `Math.round`, but takes less than half as long. */
function rounded(value: number): number {
  return Math.floor(value + 0.5);
}

/** Whole copies are whole without rounding; nearly all rows are one. */
function times(weight: number, whole: number): number {
  return weight === 1 ? whole : rounded(weight * whole);
}

/** The power of 2 that g and h are counted in: small, and such that the sum over all rows is exact in float64. */
export function unitOf(weights: Float64Array, positiveWeight: number): number {
  let total = 0;
  for (let i = 0; i < weights.length; i++) total += weights[i]!;
  return 2 ** (Math.ceil(Math.log2(total * Math.max(1, positiveWeight))) - 51);
}
