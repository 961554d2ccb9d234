import { MS_PER_DAY } from "../base/time.js";
import { normalised } from "./belief.js";

const POINTS = 48;
const REACH = 3.6;

/** Mean gaps between sessions as they are distributed (lognormal, mean 7 days), on a grid. */
export const PACES: readonly { readonly betaMs: number; readonly logPrior: number }[] = Array.from(
  { length: POINTS },
  (_, i) => {
    const z = -REACH + (2 * REACH * (i + 0.5)) / POINTS;
    return { betaMs: 7 * MS_PER_DAY * Math.exp(z - 0.5), logPrior: (-z * z) / 2 };
  },
);

/**
 * Posterior over `PACES` after some gaps that add up, with the one still open, to `feltMs`: gaps are exponential on
 * the arrivals' clock, so their number and sum say all.
 */
export function pacePosterior(gaps: number, feltMs: number): Float64Array {
  return normalised(
    Float64Array.from(PACES, ({ betaMs, logPrior }) => logPrior - gaps * Math.log(betaMs) - feltMs / betaMs),
  );
}
