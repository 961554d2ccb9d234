import { assert } from "../assert.js";
import { logGamma } from "./log-gamma.js";

const TERMS_MAX = 100_000;
const TINY = 1e-300;

/**
 * The regularised upper incomplete gamma function Q(a, x), a > 0, x ≥ 0, to about 1e-13 relative: a series below a + 1, Lentz's
 * continued fraction beyond (Numerical Recipes 6.2).
 */
export function upperGamma(a: number, x: number): number {
  assert(a > 0 && x >= 0, `upperGamma(${a}, ${x}) is not defined`);
  if (x === 0) return 1;
  if (x === Number.POSITIVE_INFINITY) return 0;
  const front = Math.exp(a * Math.log(x) - x - logGamma(a));
  return x < a + 1 ? 1 - front * series(a, x) : front * fraction(a, x);
}

function series(a: number, x: number): number {
  let term = 1 / a;
  let sum = term;
  for (let k = 1; k <= TERMS_MAX; k++) {
    term *= x / (a + k);
    sum += term;
    if (term < sum * 1e-17) break;
  }
  return sum;
}

function fraction(a: number, x: number): number {
  const away = (v: number) => (Math.abs(v) < TINY ? TINY : v);
  let b = x + 1 - a;
  let c = 1 / TINY;
  let d = 1 / away(b);
  let h = d;
  for (let k = 1; k <= TERMS_MAX; k++) {
    const an = -k * (k - a);
    b += 2;
    d = 1 / away(an * d + b);
    c = away(b + an / c);
    const factor = d * c;
    h *= factor;
    if (Math.abs(factor - 1) < 1e-16) break;
  }
  return h;
}

/** P(X > x) for a chi-square distribution with `df` degrees of freedom; 1 for x ≤ 0, and where there are none. */
export function chiSquareUpperTail(x: number, df: number): number {
  return df <= 0 || x <= 0 ? 1 : upperGamma(df / 2, x / 2);
}

/** P(Z > z) for a standard normal Z: without loss of digits far out. */
export function normalUpperTail(z: number): number {
  if (Number.isNaN(z)) return Number.NaN;
  const tail = upperGamma(0.5, (z * z) / 2) / 2;
  return z >= 0 ? tail : 1 - tail;
}
