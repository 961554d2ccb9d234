// hot loop
import { kolmogorovUpperTail } from "../../base/math/kolmogorov.js";
import { greatestDivisor, latticeUpperTail } from "../../base/math/lattice-paths.js";
import { type Sample, sizeOf } from "./sample.js";

/** Up to so many values in each sample p is exact, as long as there are no ties. */
const EXACT_MAX = 100;

export interface KsTest {
  /** The largest distance between the two distribution functions, 0 to 1. */
  readonly statistic: number;
  readonly p: number;
}

/**
 * Two-sample Kolmogorov-Smirnov, two-sided. A missing value counts as one below all others, so that another share of missing values is a
 * distance too. p is exact for up to 100 values a sample (ties are not corrected for), else that of the one-sample statistic at
 * round(n m / (n + m)) values: as SciPy's `ks_2samp`. An empty sample says nothing: distance 0, p 1.
 */
export function ksTest(a: Sample, b: Sample): KsTest {
  const [n, m] = [sizeOf(a), sizeOf(b)];
  if (n === 0 || m === 0) return { statistic: 0, p: 1 };
  const statistic = ksGap(a, b) / (n * m);
  return { statistic, p: ksP(statistic, n, m) };
}

/** p of a distance between samples of n and m values: exact for up to 100 each. */
export function ksP(statistic: number, n: number, m: number): number {
  if (Math.max(n, m) > EXACT_MAX) return asymptoticKsP(statistic, n, m);
  const steps = (n * m) / greatestDivisor(n, m);
  return latticeUpperTail(Math.round(statistic * steps), n, m);
}

export function asymptoticKsP(statistic: number, n: number, m: number): number {
  return kolmogorovUpperTail(statistic, halfToEven((n * m) / (n + m)));
}

/** The statistic times n m: a whole number, so that no rounding decides. */
function ksGap(a: Sample, b: Sample): number {
  const [n, m] = [sizeOf(a), sizeOf(b)];
  const [x, y] = [a.sorted, b.sorted];
  let distance = a.missing * m - b.missing * n;
  let largest = Math.abs(distance);
  let i = 0;
  let j = 0;
  while (i < x.length && j < y.length) {
    const value = Math.min(x[i]!, y[j]!);
    while (i < x.length && x[i] === value) {
      distance += m;
      i++;
    }
    while (j < y.length && y[j] === value) {
      distance -= n;
      j++;
    }
    const size = distance < 0 ? -distance : distance;
    if (size > largest) largest = size;
  }
  return largest;
}

function halfToEven(value: number): number {
  const below = Math.floor(value);
  if (value - below !== 0.5) return Math.round(value);
  return below % 2 === 0 ? below : below + 1;
}
