// Hot loops.
import { choleskyFactor, choleskySolve } from "../base/math/cholesky.js";

/** gᵀd + ½ dᵀHd + Σ |beta + d| over d; the last coefficient is not penalised. H is dim × dim, positive semidefinite. */
export interface LassoModel {
  readonly hessian: Float64Array;
  readonly dim: number;
  readonly gradient: Float64Array;
}

const STEPS_MAX = 1_000;
/** Room for rounding in the optimality conditions, where the penalty's slope is 1. */
const TOLERANCE = 1e-12;
/** Share of the diagonal lent to collinear columns; the Newton steps around this one take the error out again. */
const LENT = 1e-10;

/**
 * Minimises the model by feature-sign search (Lee, Battle, Raina & Ng 2006): guess which coefficients are not 0 and their
 * signs, solve for them at once, go to the best point on the way there, and let in the coefficient that pulls hardest, until
 * no condition is broken. Finite and exact, where coordinate descent crawls along correlated columns.
 *
 * @param beta where the model was made, and the starting guess
 * @returns the step d
 */
export function featureSignSearch(model: LassoModel, beta: Float64Array): Float64Array {
  const { dim, gradient } = model;
  const linear = gradient.map((g, j) => g - rowTimes(model, j, beta));
  let weights: Float64Array = beta.slice();
  const sign = Int8Array.from(beta, (b, j) => (j === dim - 1 ? 0 : Math.sign(b)));
  for (let step = 0; step < STEPS_MAX; step++) {
    const moved = solveSigned(model, linear, { weights, sign });
    weights = moved.weights;
    for (let j = 0; j < dim - 1; j++) sign[j] = Math.sign(weights[j]!);
    if (!moved.whole) continue;
    const next = strongestPull(model, linear, weights);
    if (next === null) break;
    sign[next.column] = next.sign;
  }
  return weights.map((w, j) => w - beta[j]!);
}

interface Guess {
  readonly weights: Float64Array;
  readonly sign: Int8Array;
}

/** Solves the guessed signs; `whole` when no sign flips on the way, else the best point where one or more reach 0. */
function solveSigned(
  model: LassoModel,
  linear: Float64Array,
  { weights, sign }: Guess,
): { weights: Float64Array; whole: boolean } {
  const { hessian, dim } = model;
  const active: number[] = [];
  for (let j = 0; j < dim; j++) if (j === dim - 1 || sign[j] !== 0) active.push(j);
  const size = active.length;
  const block = new Float64Array(size * size);
  for (let a = 0; a < size; a++) {
    for (let b = 0; b < size; b++) block[a * size + b] = hessian[active[a]! * dim + active[b]!]!;
    block[a * size + a]! *= 1 + LENT;
  }
  const factor = factorLending(block, size);
  const solved = choleskySolve(
    factor,
    size,
    Float64Array.from(active, (j) => -linear[j]! - sign[j]!),
  );
  const target = new Float64Array(dim);
  for (let a = 0; a < size; a++) target[active[a]!] = solved[a]!;
  return bestOnTheWay(model, linear, { from: weights, target, sign });
}

function bestOnTheWay(
  model: LassoModel,
  linear: Float64Array,
  { from, target, sign }: { from: Float64Array; target: Float64Array; sign: Int8Array },
): { weights: Float64Array; whole: boolean } {
  const crossings: number[] = [];
  for (let j = 0; j < model.dim - 1; j++) {
    if (sign[j] === 0 || Math.sign(target[j]!) === sign[j]) continue;
    const share = from[j]! / (from[j]! - target[j]!);
    if (share > 0 && share < 1) crossings.push(share);
  }
  const flips = target.some((w, j) => j < model.dim - 1 && sign[j] !== 0 && Math.sign(w) !== sign[j]);
  if (!flips) return { weights: target, whole: true };
  let best = { weights: target, value: valueAt(model, linear, target) };
  for (const share of crossings) {
    const point = from.map((w, j) => atCrossing(w, target[j]!, share));
    const value = valueAt(model, linear, point);
    if (value < best.value) best = { weights: point, value };
  }
  return { weights: best.weights, whole: false };
}

/** The point `share` of the way; exactly 0 where a coefficient crosses there. */
function atCrossing(from: number, target: number, share: number): number {
  const point = from + share * (target - from);
  return from !== 0 && from / (from - target) === share ? 0 : point;
}

function valueAt(model: LassoModel, linear: Float64Array, weights: Float64Array): number {
  let value = 0;
  for (let j = 0; j < model.dim; j++) {
    const w = weights[j]!;
    if (w === 0) continue;
    value += w * (linear[j]! + 0.5 * rowTimes(model, j, weights));
    if (j < model.dim - 1) value += Math.abs(w);
  }
  return value;
}

/** The coefficient at 0 that breaks its condition most, and the sign it wants; null when none does. */
function strongestPull(
  model: LassoModel,
  linear: Float64Array,
  weights: Float64Array,
): { column: number; sign: 1 | -1 } | null {
  let found: { column: number; sign: 1 | -1 } | null = null;
  let most = 1 + TOLERANCE;
  for (let j = 0; j < model.dim - 1; j++) {
    if (weights[j] !== 0 || model.hessian[j * model.dim + j] === 0) continue;
    const pull = linear[j]! + rowTimes(model, j, weights);
    if (Math.abs(pull) <= most) continue;
    most = Math.abs(pull);
    found = { column: j, sign: pull > 0 ? -1 : 1 };
  }
  return found;
}

function rowTimes({ hessian, dim }: LassoModel, j: number, weights: Float64Array): number {
  let sum = 0;
  const at = j * dim;
  for (let k = 0; k < dim; k++) sum += hessian[at + k]! * weights[k]!;
  return sum;
}

/** Duplicate columns have no factor: more is lent until there is one. */
function factorLending(block: Float64Array, size: number): Float64Array {
  for (let lent = 0; ; lent = lent === 0 ? 1e-8 : lent * 10) {
    const tried = block.slice();
    for (let a = 0; a < size; a++) tried[a * size + a]! += lent * (1 + tried[a * size + a]!);
    const factor = choleskyFactor(tried, size);
    if (factor !== null) return factor;
  }
}
