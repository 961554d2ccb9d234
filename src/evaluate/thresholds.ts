import { classTotals } from "../models/two-classes.js";
import { rankingOf } from "./ranking.js";

export interface Threshold {
  /** Rows with p ≥ threshold are called churners. */
  readonly threshold: number;
  /** Of the churned class, on the rows it was chosen on. */
  readonly f1: number;
  readonly why: string;
}

/**
 * The threshold of highest churn-class F1. It lies halfway between the last flagged score and the next one, so that
 * rounding of a score cannot flip it; of equal F1 the highest wins, as it bothers the fewest listeners.
 * Fails with SINGLE_CLASS.
 */
export function bestThreshold(y: Uint8Array, p: Float64Array): Threshold {
  const [, churned] = classTotals(y, null);
  const ranking = rankingOf({ y, p });
  let best = { at: 0, f1: -1, hit: 0 };
  let hit = 0;
  let tried = 0;
  ranking.y.forEach((label, i) => {
    hit += label;
    if (ranking.last[i] === 0) return;
    tried++;
    const f1 = (2 * hit) / (i + 1 + churned);
    if (f1 > best.f1) best = { at: i, f1, hit };
  });
  const flagged = best.at + 1;
  const scoreAt = (i: number) => p[ranking.row[i] ?? -1] ?? Number.NaN;
  const threshold = between(scoreAt(best.at), scoreAt(best.at + 1));
  const why =
    `highest churn-class F1 (${best.f1.toFixed(3)}; precision ${(best.hit / flagged).toFixed(3)}, ` +
    `recall ${(best.hit / churned).toFixed(3)}) of ${tried} thresholds, the highest of equals`;
  return { threshold, f1: best.f1, why };
}

/** Halfway down to the next score; the flagged score itself when there is no next, or no number between. */
function between(flagged: number, next: number): number {
  const middle = next + (flagged - next) / 2;
  return middle > next && middle <= flagged ? middle : flagged;
}
