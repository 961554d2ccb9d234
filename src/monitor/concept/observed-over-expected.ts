import type { MaturedRows } from "./matured-rows.js";

const POSITIVES_MIN = 10;
const NORMAL_95 = 1.959963984540054;

/**
 * How many users churned for each who was expected to, with a 95% interval: rows that came true ÷ the sum of their scores, its chance that
 * of a Poisson number of churned users. Null for fewer than ten of them.
 */
export function observedOverExpected(rows: MaturedRows): { value: number; low: number; high: number } | null {
  const churned = new Set<string>();
  let came = 0;
  let expected = 0;
  for (let row = 0; row < rows.y.length; row++) {
    expected += rows.p[row] ?? 0;
    if (rows.y[row] !== 1) continue;
    came++;
    churned.add(rows.users[row] ?? "");
  }
  if (churned.size < POSITIVES_MIN || expected === 0) return null;
  const value = came / expected;
  const spread = Math.exp(NORMAL_95 / Math.sqrt(churned.size));
  return { value, low: value / spread, high: value * spread };
}
