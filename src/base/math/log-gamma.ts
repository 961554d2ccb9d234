const HALF_LOG_2PI = 0.9189385332046727;
/** Bernoulli(2k) / (2k (2k − 1)): Stirling's series, Abramowitz & Stegun 6.1.41. */
const STIRLING = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156, -3617 / 122400];

/** log Γ(x) for x > 0, to about 1e-15 relative: Stirling's series, after the recurrence has raised x to 10. */
export function logGamma(x: number): number {
  let shift = 0;
  let z = x;
  if (z < 10) {
    let product = 1;
    for (; z < 10; z++) product *= z;
    shift = Math.log(product);
  }
  return (z - 0.5) * Math.log(z) - z + HALF_LOG_2PI + stirlingTail(z) - shift;
}

/** log B(a, b) for a, b > 0. The large terms are cancelled on paper, as in DiDonato & Morris (TOMS 708). */
export function logBeta(a: number, b: number): number {
  const small = Math.min(a, b);
  const large = Math.max(a, b);
  if (large < 10) return logGamma(small) + logGamma(large) - logGamma(small + large);
  const sum = small + large;
  const largeOverSum =
    -(large - 0.5) * Math.log1p(small / large) -
    small * Math.log(sum) +
    small +
    stirlingTail(large) -
    stirlingTail(sum);
  return logGamma(small) + largeOverSum;
}

function stirlingTail(x: number): number {
  const inverseSquare = 1 / (x * x);
  let sum = 0;
  for (let k = STIRLING.length - 1; k >= 0; k--) sum = sum * inverseSquare + STIRLING[k]!;
  return sum / x;
}
