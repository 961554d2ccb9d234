// hot loop
import { assert } from "../base/assert.js";
import { choleskyFactor, choleskySolve } from "../base/math/cholesky.js";
import { featureSignSearch } from "./feature-sign.js";

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
  subproblem: (hessian, dim) => (beta, gradient) => featureSignSearch({ hessian, dim, gradient }, beta),
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
