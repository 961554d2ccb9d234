import type { SurvivalDocument } from "../schema/survival-document.js";
import { interval, score } from "./format.js";

/** The survival view in a sentence: how well it is known who leaves first, and how long users are expected to stay. */
export function survivalText(survival: SurvivalDocument): string {
  const { concordance, intervals, brierSkill, capDays, tauDays, expected_days_left: left } = survival;
  const order = `C ${score(concordance)} (${interval(intervals.concordance)}) for who leaves first`;
  const skill = `Brier skill of the curves over ${tauDays} days ${score(brierSkill)} (${interval(intervals.brierSkill)})`;
  const days = `of the next ${capDays} days users are expected to stay ${left.median.toFixed(1)} (80%: ${left.low.toFixed(1)} – ${left.high.toFixed(1)})`;
  return `${order}; ${skill}; ${days}`;
}
