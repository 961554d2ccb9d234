import { hessianOf, type LogisticProblem, type LossAt, lossAt } from "./logistic-loss.js";
import type { Penalty } from "./logistic-penalty.js";

const MAX_STEPS = 200;
const STEP_TOLERANCE = 1e-10;
/** A Hessian is kept as long as each step is at most this share of the one before: it costs about five gradients. */
const REUSE_RATIO = 0.2;
/** Steps below this that no longer shrink are rounding noise. */
const NOISE_STEP = 1e-7;

export interface Solution {
  readonly beta: Float64Array;
  readonly objective: number;
  readonly steps: number;
  readonly hessians: number;
}

/**
 * Minimises loss + penalty from `start` by proximal Newton steps with a line search (Lee, Sun & Saunders 2014).
 * The Hessian is refreshed only when the steps stop shrinking at that rate. Deterministic.
 */
export function minimise(problem: LogisticProblem, penalty: Penalty, start: Float64Array): Solution {
  let beta = start;
  let at = lossAt(problem, beta);
  let objective = at.loss + penalty.value(beta);
  let solve: ReturnType<Penalty["subproblem"]> | null = null;
  let hessians = 0;
  let before = Number.POSITIVE_INFINITY;
  let steps = 0;
  while (steps < MAX_STEPS) {
    const fresh = solve === null;
    if (solve === null) {
      solve = penalty.subproblem(hessianOf(problem, at.curvature), problem.dim);
      hessians++;
    }
    const moved = lineSearch(problem, penalty, { beta, at, objective, step: solve(beta, at.gradient) });
    steps++;
    if (moved === null) {
      if (fresh) break;
      solve = null;
      continue;
    }
    ({ beta, at, objective } = moved);
    if (moved.size <= STEP_TOLERANCE) break;
    const shrinking = moved.size <= REUSE_RATIO * before;
    if (fresh && moved.size < NOISE_STEP && moved.size > 0.5 * before) break;
    if (!shrinking) solve = null;
    before = moved.size;
  }
  return { beta, objective, steps, hessians };
}

interface Point {
  readonly beta: Float64Array;
  readonly at: LossAt;
  readonly objective: number;
}

/** Halves the step until the objective falls enough (Armijo, 1e-4); `null` when no length will do. */
function lineSearch(
  problem: LogisticProblem,
  penalty: Penalty,
  from: Point & { readonly step: Float64Array },
): (Point & { readonly size: number }) | null {
  const full = from.beta.map((b, j) => b + (from.step[j] ?? 0));
  const slope = from.at.gradient.reduce((sum, g, j) => sum + g * (from.step[j] ?? 0), 0);
  const promised = Math.min(slope + penalty.value(full) - penalty.value(from.beta), 0);
  const rounding = 1e-13 * Math.abs(from.objective);
  for (let length = 1; length > 1e-10; length /= 2) {
    const beta = length === 1 ? full : from.beta.map((b, j) => b + length * (from.step[j] ?? 0));
    const at = lossAt(problem, beta);
    const objective = at.loss + penalty.value(beta);
    if (objective <= from.objective + 1e-4 * length * promised + rounding) {
      return { beta, at, objective, size: relativeSize(from.step, beta) * length };
    }
  }
  return null;
}

function relativeSize(step: Float64Array, beta: Float64Array): number {
  const largest = (values: Float64Array) => values.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
  return largest(step) / (1 + largest(beta));
}
