// hot loop
import type { Matrix } from "../../base/matrix.js";
import { fitScaler, type ScalerState, standardised } from "../scaler.js";
import type { Sequences } from "./gru.js";

/** Standard deviations beyond which a value says no more. */
export const FAR = 8;

/** Steps of rows of so many columns: `days` where they are that many times something, else 1. */
export function stepsOf(columns: number, days: number): number {
  return columns % days === 0 ? days : 1;
}

/** Mean and scale of each channel, over all steps of all rows; a step is `channels` columns side by side. */
export function fitChannelScaler({ data }: Matrix, channels: number, weight: Float64Array): ScalerState {
  const rows = data.length / channels;
  const steps = rows / weight.length;
  const ofSteps = new Float64Array(rows);
  for (let i = 0; i < rows; i++) ofSteps[i] = weight[Math.floor(i / steps)]!;
  return fitScaler({ rows, cols: channels, data }, ofSteps);
}

/** Standardises by channel. A missing value becomes the channel's mean; a step without any is passed over. */
export function asSequences({ mean, scale }: ScalerState, x: Matrix): Sequences {
  const channels = mean.length;
  const values = new Float64Array(x.data.length);
  const skipped = new Uint8Array(x.data.length / channels);
  for (let step = 0; step < skipped.length; step++) {
    let present = 0;
    for (let j = 0, at = step * channels; j < channels; j++, at++) {
      const value = x.data[at]!;
      if (Number.isNaN(value)) continue;
      present++;
      values[at] = Math.min(Math.max(standardised(value, mean[j]!, scale[j]!), -FAR), FAR);
    }
    if (present === 0) skipped[step] = 1;
  }
  return { rows: x.rows, values, skipped };
}
