/**
 * A rate with few trials behind it, drawn towards a prior: (events + prior · weight) / (trials + weight), the posterior
 * mean of a Gamma-Poisson (or Beta-binomial) model. `weight` is in trials.
 */
export function smoothedRate(events: number, trials: number, prior: { rate: number; weight: number }): number {
  return (events + prior.rate * prior.weight) / (trials + prior.weight);
}

/** Natural log, NaN instead of −∞. */
export function logOf(value: number): number {
  return value > 0 ? Math.log(value) : Number.NaN;
}

/** a / b, NaN where b is 0. */
export function ratio(a: number, b: number): number {
  return b === 0 ? Number.NaN : a / b;
}

export function daysBetween(fromMs: number, toMs: number): number {
  return (toMs - fromMs) / 86_400_000;
}
