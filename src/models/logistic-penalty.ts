import { assert } from "../base/assert.js";
import { choleskyFactor, choleskySolve } from "../base/math/cholesky.js";

/** What is added to the smooth loss, and how the quadratic model of both is minimised. The last coefficient is the intercept, never penalised. */
export interface Penalty {
  value(beta: Float64Array): number;
  /** Readies a minimiser of gᵀd + ½ dᵀHd + penalty(beta + d) over d for one Hessian H of the loss. */
  subproblem(hessian: Float64Array, dim: number): (beta: Float64Array, gradient: Float64Array) => Float64Array;
}

/** ½ Σ w². */
export const ridge: Penalty = {
  value(beta) {
    let sum = 0;
    for (let j = 0; j < beta.length - 1; j++) sum += 0.5 * beta[j]! ** 2;
    return sum;
  },
  subproblem(hessian, dim) {
    const penalised = hessian.slice();
    for (let j = 0; j < dim - 1; j++) penalised[j * dim + j]! += 1;
    const factor = factorOrJitter(penalised, dim);
    return (beta, gradient) =>
      choleskySolve(
        factor,
        dim,
        gradient.map((g, j) => (j < dim - 1 ? -g - beta[j]! : -g)),
      );
  },
};

/** Σ |w|. */
export const lasso: Penalty = {
  value(beta) {
    let sum = 0;
    for (let j = 0; j < beta.length - 1; j++) sum += Math.abs(beta[j]!);
    return sum;
  },
  subproblem: (hessian, dim) => (beta, gradient) => coordinateDescent(hessian, dim, beta, gradient),
};

/** Saturated probabilities can leave the intercept without curvature: a little is lent until the factor exists. */
function factorOrJitter(a: Float64Array, dim: number): Float64Array {
  const last = dim * dim - 1;
  for (let lent = 0; lent <= 1; lent = lent === 0 ? 1e-12 : lent * 10) {
    const tried = a.slice();
    tried[last]! += lent;
    const factor = choleskyFactor(tried, dim);
    if (factor !== null) return factor;
  }
  assert(false, "a ridge-penalised Hessian has no Cholesky factor");
}

const MAX_SWEEPS = 200;
const SWEEP_TOLERANCE = 1e-13;
/** Sweeps between two looks; signs that stayed the same are worth solving for at once. */
const SWEEPS_A_TRY = 5;
/** Share of the diagonal lent to collinear columns in that solve; the outer steps take the error out again. */
const LENT = 1e-10;

/**
 * Cyclic coordinate descent with soft thresholds on the quadratic model (Yuan, Ho & Lin 2012, newGLMNET). Once it has found
 * which coefficients are 0 and the signs of the others, those are solved directly. Hot loop.
 */
function coordinateDescent(
  hessian: Float64Array,
  dim: number,
  beta: Float64Array,
  gradient: Float64Array,
): Float64Array {
  const step = new Float64Array(dim);
  const slope = gradient.slice();
  let pattern = "";
  let tried = "";
  for (let sweep = 1; sweep <= MAX_SWEEPS; sweep++) {
    let largest = 0;
    for (let j = 0; j < dim; j++) {
      const curvature = hessian[j * dim + j]!;
      if (curvature === 0) continue;
      const now = beta[j]! + step[j]!;
      const free = now - slope[j]! / curvature;
      const next = j === dim - 1 ? free : Math.sign(free) * Math.max(Math.abs(free) - 1 / curvature, 0);
      const change = next - now;
      if (change === 0) continue;
      step[j] = next - beta[j]!;
      for (let k = 0; k < dim; k++) slope[k]! += change * hessian[j * dim + k]!;
      largest = Math.max(largest, Math.abs(change) / (1 + Math.abs(next)));
    }
    if (largest < SWEEP_TOLERANCE) break;
    if (sweep % SWEEPS_A_TRY !== 0) continue;
    const now = signsOf(beta, step);
    if (now === pattern && now !== tried) {
      const solved = activeSolution(hessian, dim, { beta, gradient, step });
      if (solved !== null) return solved;
      tried = now;
    }
    pattern = now;
  }
  return step;
}

/** Which coefficients are 0, and the signs of the others. */
function signsOf(beta: Float64Array, step: Float64Array): string {
  let signs = "";
  for (let j = 0; j < beta.length; j++) {
    const value = beta[j]! + step[j]!;
    signs += value === 0 ? "0" : value > 0 ? "+" : "-";
  }
  return signs;
}

/** The minimiser if exactly these coefficients are not 0, with these signs; null when that breaks a condition (KKT). */
function activeSolution(
  hessian: Float64Array,
  dim: number,
  { beta, gradient, step }: { beta: Float64Array; gradient: Float64Array; step: Float64Array },
): Float64Array | null {
  const sign = (j: number) => (j === dim - 1 ? 0 : Math.sign(beta[j]! + step[j]!));
  const active = Array.from(step.keys()).filter((j) => j === dim - 1 || sign(j) !== 0);
  const size = active.length;
  const solved = beta.map((b) => -b);
  for (const j of active) solved[j] = 0;
  const pull = (j: number) => {
    let sum = gradient[j]!;
    const at = j * dim;
    for (let k = 0; k < dim; k++) sum += hessian[at + k]! * solved[k]!;
    return sum;
  };
  const block = new Float64Array(size * size);
  for (let a = 0; a < size; a++) {
    for (let b = 0; b < size; b++) block[a * size + b] = hessian[active[a]! * dim + active[b]!]!;
    block[a * size + a]! *= 1 + LENT;
  }
  const factor = choleskyFactor(block, size);
  if (factor === null) return null;
  const right = Float64Array.from(active, (j) => -(pull(j) + sign(j)));
  const found = choleskySolve(factor, size, right);
  active.forEach((j, a) => {
    solved[j] = found[a]!;
  });
  const holds = solved.every(
    (d, j) => j === dim - 1 || (sign(j) === 0 ? Math.abs(pull(j)) <= 1 : Math.sign(beta[j]! + d) === sign(j)),
  );
  return holds ? solved : null;
}
