/** The smallest distance a probability is kept from 0 and 1 before its logarithm is taken (scikit-learn's). */
export const PROBABILITY_EPS = 2.220446049250313e-16;

/** 1 / (1 + exp(−x)), without overflow. */
export function sigmoid(x: number): number {
  const e = Math.exp(-Math.abs(x));
  return x >= 0 ? 1 / (1 + e) : e / (1 + e);
}

/** log(1 + exp(x)), without overflow. */
export function log1pExp(x: number): number {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
}

/** A probability kept inside [eps, 1 − eps]. */
export function clipProbability(p: number): number {
  return Math.min(Math.max(p, PROBABILITY_EPS), 1 - PROBABILITY_EPS);
}

/** log(p / (1 − p)) of a probability, clipped so that 0 and 1 give ±36 and not infinity. */
export function logit(p: number): number {
  const q = clipProbability(p);
  return Math.log(q) - Math.log1p(-q);
}
