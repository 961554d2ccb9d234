// hot loop
import { logit } from "../../base/math/sigmoid.js";

/** Scores nearer to 0 or 1 than this count as this: the loss stays bounded. */
const NEAREST = 0.01;
const LARGEST = -logit(NEAREST);

/**
 * Log loss less what it would be on average were p the truth, (p − y) · logit p, mapped to [0, 1]: its mean is ½ for a calibrated
 * model whoever is scored, so that it moves with the concept and not with the population.
 */
export function excessLoss(p: number, y: number): number {
  const bounded = Math.min(1 - NEAREST, Math.max(NEAREST, p));
  return 0.5 + ((bounded - y) * logit(bounded)) / (2 * LARGEST);
}
