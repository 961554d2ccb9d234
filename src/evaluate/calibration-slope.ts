import { logit } from "../base/math/sigmoid.js";
import { fitLogisticLine } from "./logistic-line.js";
import { type Counted, type Scored, weightsOf } from "./scored.js";

/**
 * Slope of the logistic regression of y on logit p (Cox 1958): 1 is calibrated, below 1 too extreme, above 1 too timid.
 * Undefined for one class, a constant p, or a p that separates the classes.
 */
export function calibrationSlopeCounted(scored: Scored): Counted {
  const weights = weightsOf(scored);
  const score = scored.p.map(logit);
  const target = Float64Array.from(scored.y);
  const whole = fitLogisticLine(score, target, weights) ?? { intercept: 0, slope: 1 };
  const weight = new Float64Array(score.length);
  return (counts) => {
    // Hot loop.
    for (let i = 0; i < weight.length; i++) weight[i] = counts[i]! * weights[i]!;
    return fitLogisticLine(score, target, weight, whole)?.slope ?? Number.NaN;
  };
}
