import { orderAscending, sortedQuantile } from "../base/math/sorting.js";
import type { FeatureDensity } from "../schema/documents.js";
import type { Dataset } from "./dataset.js";

const BINS = 20;
const TAIL = 0.01;

/**
 * Histograms of features by label: 20 bins of equal width from the 1st to the 99th percentile of all rows, the outermost
 * holding what lies beyond. A feature without a value, or with one value only, is left out.
 */
export function featureDensities(data: Dataset, names: readonly string[]): FeatureDensity[] {
  return names.flatMap((feature) => {
    const column = data.features.indexOf(feature);
    const density = column < 0 ? null : densityOf(data, column);
    return density === null ? [] : [{ feature, ...density }];
  });
}

function densityOf({ x, y }: Dataset, column: number): Omit<FeatureDensity, "feature"> | null {
  const values = Float64Array.from(y, (_, row) => x.data[row * x.cols + column] ?? Number.NaN);
  const present = values.filter((value) => !Number.isNaN(value));
  const ascending = Float64Array.from(orderAscending(present), (at) => present[at] ?? 0);
  const [low, high] = [sortedQuantile(ascending, TAIL), sortedQuantile(ascending, 1 - TAIL)];
  if (!(high > low)) return null;
  const counts = [new Array<number>(BINS).fill(0), new Array<number>(BINS).fill(0)] as const;
  const missing = [0, 0];
  values.forEach((value, row) => {
    const label = y[row] === 1 ? 1 : 0;
    if (Number.isNaN(value)) missing[label] = (missing[label] ?? 0) + 1;
    else {
      const bin = Math.min(BINS - 1, Math.max(0, Math.floor((BINS * (value - low)) / (high - low))));
      counts[label][bin] = (counts[label][bin] ?? 0) + 1;
    }
  });
  const rows = counts.map((bins) => bins.reduce((sum, n) => sum + n, 0));
  const shares = (label: 0 | 1) => counts[label].map((n) => (rows[label] === 0 ? 0 : n / (rows[label] ?? 1)));
  return {
    edges: Array.from({ length: BINS + 1 }, (_, bin) => low + ((high - low) * bin) / BINS),
    kept: shares(0),
    churned: shares(1),
    rows: { kept: rows[0] ?? 0, churned: rows[1] ?? 0 },
    missing: { kept: missing[0] ?? 0, churned: missing[1] ?? 0 },
  };
}
