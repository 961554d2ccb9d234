// hot loop
export interface Quadrature {
  readonly points: Float64Array;
  readonly weights: Float64Array;
}

const STEPS_MAX = 50;
const known = new Map<number, Quadrature>();

/**
 * Points and weights of the Gauss–Legendre rule on (0, 1): Σ weight · f(point) is the integral of f to rounding where f is a polynomial
 * of degree up to 2 count − 1. The points are the roots of a Legendre polynomial, by Newton's method from Chebyshev's guesses.
 *
 * @param count 1 or more
 */
export function gaussLegendre(count: number): Quadrature {
  const found = known.get(count) ?? ruleOf(count);
  known.set(count, found);
  return found;
}

function ruleOf(count: number): Quadrature {
  const points = new Float64Array(count);
  const weights = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    let x = Math.cos((Math.PI * (i + 0.75)) / (count + 0.5));
    let slope = 1;
    for (let step = 0; step < STEPS_MAX; step++) {
      const [value, before] = legendre(count, x);
      slope = (count * (x * value - before)) / (x * x - 1);
      const next = x - value / slope;
      const isThere = Math.abs(next - x) <= Number.EPSILON;
      x = next;
      if (isThere) break;
    }
    points[i] = (1 - x) / 2;
    weights[i] = 1 / ((1 - x * x) * slope * slope);
  }
  return { points, weights };
}

/** P of degree n and of n − 1 at x, by Bonnet's recursion. */
function legendre(n: number, x: number): [number, number] {
  let [value, before] = [x, 1];
  for (let k = 2; k <= n; k++) [value, before] = [((2 * k - 1) * x * value - (k - 1) * before) / k, value];
  return [value, before];
}
