import { assert } from "../assert.js";
import { logBeta } from "./log-gamma.js";

/**
 * The regularised incomplete beta function I_x(a, b), to about 1e-13 relative. `complement` is 1 − x: give it
 * when x is near 1 and 1 − x is known better than by subtraction.
 * Continued fraction by Lentz's method (Numerical Recipes 6.4).
 */
export function incompleteBeta(a: number, b: number, x: number, complement = 1 - x): number {
  assert(a > 0 && b > 0 && x >= 0 && x <= 1, `incompleteBeta(${a}, ${b}, ${x}) is not defined`);
  if (x === 0) return 0;
  if (complement === 0) return 1;
  const logX = x > 0.5 ? Math.log1p(-complement) : Math.log(x);
  const logComplement = complement > 0.5 ? Math.log1p(-x) : Math.log(complement);
  const front = Math.exp(a * logX + b * logComplement - logBeta(a, b));
  if (x < (a + 1) / (a + b + 2)) return (front * fraction(a, b, x)) / a;
  return 1 - (front * fraction(b, a, complement)) / b;
}

const MAX_TERMS = 100_000;
const TINY = 1e-300;

function fraction(a: number, b: number, x: number): number {
  const away = (v: number) => (Math.abs(v) < TINY ? TINY : v);
  let c = 1;
  let d = 1 / away(1 - ((a + b) * x) / (a + 1));
  let h = d;
  for (let m = 1; m <= MAX_TERMS; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / away(1 + even * d);
    c = away(1 + even / c);
    h *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / away(1 + odd * d);
    c = away(1 + odd / c);
    const factor = d * c;
    h *= factor;
    if (Math.abs(factor - 1) < 1e-15) break;
  }
  return h;
}
