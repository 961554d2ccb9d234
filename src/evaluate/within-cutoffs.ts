import { rocAuc } from "./metrics.js";

/**
 * ROC AUC over the pairs of rows that share a cutoff: P(a churned row ranks above a kept one of the same cutoff). Rates that change
 * from cutoff to cutoff, and scores that change with them, have no say. NaN where no cutoff has both classes.
 */
export function rocAucWithinCutoffs({
  y,
  p,
  cutoffMs,
}: {
  readonly y: Uint8Array;
  readonly p: Float64Array;
  readonly cutoffMs: Float64Array;
}): number {
  const rowsAt = new Map<number, number[]>();
  cutoffMs.forEach((cutoff, row) => {
    const rows = rowsAt.get(cutoff);
    if (rows === undefined) rowsAt.set(cutoff, [row]);
    else rows.push(row);
  });
  let won = 0;
  let pairs = 0;
  for (const rows of rowsAt.values()) {
    const own = Uint8Array.from(rows, (row) => y[row] ?? 0);
    const churned = own.reduce<number>((sum, label) => sum + label, 0);
    const here = churned * (own.length - churned);
    if (here === 0) continue;
    won += here * rocAuc({ y: own, p: Float64Array.from(rows, (row) => p[row] ?? Number.NaN) });
    pairs += here;
  }
  return pairs === 0 ? Number.NaN : won / pairs;
}
