import { betaQuantile } from "../base/math/beta-quantile.js";
import { normalQuantile } from "../base/math/normal.js";

export interface Bounds {
  readonly low: number;
  readonly high: number;
}

interface Observed {
  readonly k: number;
  readonly n: number;
  /** Two-sided coverage, as 0.95. */
  readonly level: number;
}

/** Clopper & Pearson (1934): covers at least at its level whatever the share; from beta quantiles. */
export function clopperPearson({ k, n, level }: Observed): Bounds {
  const tail = (1 - level) / 2;
  return {
    low: k === 0 ? 0 : betaQuantile(tail, k, n - k + 1),
    high: k === n ? 1 : betaQuantile(1 - tail, k + 1, n - k),
  };
}

/** Wilson (1927): covers at its level on average over shares. */
export function wilson({ k, n, level }: Observed): Bounds {
  const z = normalQuantile((1 + level) / 2);
  const share = k / n;
  const scale = 1 + (z * z) / n;
  const middle = (share + (z * z) / (2 * n)) / scale;
  const half = (z * Math.sqrt((share * (1 - share)) / n + (z * z) / (4 * n * n))) / scale;
  return { low: k === 0 ? 0 : middle - half, high: k === n ? 1 : middle + half };
}

/** The same with continuity correction (Newcombe 1998, method 4). */
export function wilsonContinuity({ k, n, level }: Observed): Bounds {
  const z = normalQuantile((1 + level) / 2);
  const share = k / n;
  const scale = 2 * (n + z * z);
  const low = (sign: 1 | -1) =>
    2 * n * share +
    z * z -
    sign -
    sign * z * Math.sqrt(z * z - sign * 2 - 1 / n + 4 * share * (n * (1 - share) + sign));
  const high = 2 * n * share + z * z + 1 + z * Math.sqrt(z * z + 2 - 1 / n + 4 * share * (n * (1 - share) - 1));
  return { low: k === 0 ? 0 : Math.max(0, low(1) / scale), high: k === n ? 1 : Math.min(1, high / scale) };
}
