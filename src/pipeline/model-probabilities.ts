import type { Matrix } from "../base/matrix.js";
import { applyCalibrator } from "../evaluate/calibration.js";
import { type ModelState, probabilityOf } from "../models/model-state.js";
import type { ModelFile } from "../registry/model-file.js";

/**
 * Calibrated P(churn) of rows, in their order.
 *
 * @param x columns in the model's order
 */
export function modelProbabilities(
  { state, calibrator }: Pick<ModelFile, "state" | "calibrator">,
  x: Matrix,
): Float64Array {
  return applyCalibrator(calibrator, probabilityOf(state as ModelState, x));
}
