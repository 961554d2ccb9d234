import { type CalibrationPrior, priorOf } from "../../monitor/estimate/calibration-belief.js";
import type { ModelFile } from "../../registry/model-file.js";

/** What a model's own test says of how well it is calibrated, before any outcome has been seen live. */
export function priorOfModel({ metrics, intervals, baseRate }: ModelFile): CalibrationPrior {
  const interval = intervals.calibrationSlope;
  const value = metrics.calibrationSlope;
  return priorOf(interval === undefined || value === null ? null : { ...interval, value }, baseRate);
}
