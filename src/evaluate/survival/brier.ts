// hot loop
import type { FollowUp } from "../../models/survival/person-period.js";
import type { CensoringSurvival } from "./censoring.js";

/**
 * Brier score of P(no event by t) under censoring (Graf et al. 1999): a row whose event came by t counts (S − 0)² ÷ G just before the
 * event, one followed beyond t (S − 1)² ÷ G(t), one lost before t nothing.
 *
 * @param survival P(no event by t), one a row; `weight` is how often each counts
 */
export function brierAt(
  { days, event, weight }: FollowUp & { readonly weight?: Float64Array },
  { survival, t }: { readonly survival: Float64Array; readonly t: number },
  censoring: CensoringSurvival,
): number {
  const beyond = censoring.at(t);
  let sum = 0;
  let rows = 0;
  for (let i = 0; i < days.length; i++) {
    const s = survival[i]!;
    const w = weight === undefined ? 1 : weight[i]!;
    rows += w;
    if (days[i]! > t) sum += (w * (1 - s) ** 2) / beyond;
    else if (event[i] === 1) sum += (w * s ** 2) / censoring.before(days[i]!);
  }
  return sum / rows;
}

/** Mean of a score over time by the trapezoid rule; `times` ascend. */
export function integrated(scores: ArrayLike<number>, times: ArrayLike<number>): number {
  let area = 0;
  for (let i = 1; i < times.length; i++) area += ((scores[i]! + scores[i - 1]!) / 2) * (times[i]! - times[i - 1]!);
  return area / (times[times.length - 1]! - times[0]!);
}
