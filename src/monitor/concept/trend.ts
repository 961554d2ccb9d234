import { studentT } from "../../base/math/student-t.js";
import type { TrendDocument } from "../../schema/loop-documents.js";

/** The reference system looks at so many windows. */
export const TREND_WINDOWS = 10;
const WINDOWS_MIN = 5;

/**
 * Least squares line through the last ten windows' values: how much the figure changes from a window to the next, with a 95% interval
 * (Student's t). No verdict on fewer than five. `falling` where the whole interval is below 0.
 *
 * @param values by time; null where a window says nothing
 */
export function trendOf(values: readonly (number | null)[]): TrendDocument {
  const points = values
    .slice(-TREND_WINDOWS)
    .flatMap((value, i): [number, number][] => (value === null ? [] : [[i, value]]));
  const n = points.length;
  if (n < WINDOWS_MIN) return { windows: n, slope: null, low: null, high: null, verdict: "too few to tell" };
  const meanX = points.reduce((sum, [x]) => sum + x, 0) / n;
  const meanY = points.reduce((sum, [, y]) => sum + y, 0) / n;
  const spreadX = points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
  const slope = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0) / spreadX;
  const residual = points.reduce((sum, [x, y]) => sum + (y - meanY - slope * (x - meanX)) ** 2, 0);
  const error = Math.sqrt(residual / (n - 2) / spreadX);
  const half = studentT(n - 2, 0.95) * error;
  const [low, high] = [slope - half, slope + half];
  const verdict = high < 0 ? "falling" : low > 0 ? "rising" : "steady";
  return { windows: n, slope, low, high, verdict };
}
