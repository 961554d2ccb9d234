import type { CalibrationBelief } from "./calibration-line.js";

/** A window whose estimate was made before its outcomes were known, and what they then were. */
export interface ComparedWindow {
  readonly fromMs: number;
  readonly low: number;
  readonly high: number;
  readonly truth: number;
}

export interface Trust {
  readonly trusted: boolean;
  readonly reasons: readonly string[];
}

/** Of so many windows, as many as this outside their bands are no chance: 3% if each band holds 95%. */
const LATELY = 6;
const OUTSIDE_MAX = 1;
/** A line that is flatter, for certain: the scores claim more than they know. */
const SLOPE_MIN = 0.85;
/** As many users left as were expected, times or divided by this, for certain. */
const TIMES_OFF = 1.5;
const NORMAL_95 = 1.959963984540054;

/** What matured rows have shown of a model. */
export interface MaturedEvidence {
  readonly calibration: CalibrationBelief | null;
  /** Users who churned ÷ expected to, with 95%; null where too few did. */
  readonly observedOverExpected: { readonly low: number; readonly high: number } | null;
  /** When the loss changed, as ADWIN says. */
  readonly changedAtMs: number | null;
}

/** Whether estimates can be believed: not where the truth left the band lately, nor where matured rows show that calibration broke. */
export function trustOf(
  compared: readonly ComparedWindow[],
  { calibration, observedOverExpected, changedAtMs }: MaturedEvidence,
): Trust {
  const lately = [...compared].sort((a, b) => a.fromMs - b.fromMs).slice(-LATELY);
  const outside = lately.filter(({ low, high, truth }) => truth < low || truth > high).length;
  const reasons = [
    outside > OUTSIDE_MAX && `the truth lay outside the band in ${outside} of the last ${lately.length} windows`,
    calibration !== null &&
      calibration.mean.slope + NORMAL_95 * Math.sqrt(calibration.covariance[2]) < SLOPE_MIN &&
      "calibration broke: high scores are too high and low ones too low",
    observedOverExpected !== null &&
      observedOverExpected.low > TIMES_OFF &&
      "calibration broke: users leave more often than the scores say",
    observedOverExpected !== null &&
      observedOverExpected.high < 1 / TIMES_OFF &&
      "calibration broke: users leave less often than the scores say",
    changedAtMs !== null && "the loss of the model has changed beyond chance (ADWIN)",
  ].filter((reason) => reason !== false);
  return { trusted: reasons.length === 0, reasons };
}
