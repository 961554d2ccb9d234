import { expectedDaysLeft, survivalCurves } from "../models/survival/hazard.js";
import type { ModelFile } from "../registry/model-file.js";

const columns = new WeakMap<ModelFile, readonly number[]>();

/**
 * Days that a user is expected to stay, of the days to the cap of the model's survival view; null where it has none.
 *
 * @param row features in the model's order
 */
export function daysLeft(model: ModelFile, row: Float64Array): number | null {
  if (model.survival === undefined) return null;
  const { features, state } = model.survival;
  const from = columns.get(model) ?? features.map((name) => model.features.indexOf(name));
  columns.set(model, from);
  const data = Float64Array.from(from, (column) => row[column] ?? Number.NaN);
  const curves = survivalCurves(state, { rows: 1, cols: data.length, data });
  return expectedDaysLeft(curves, state.intervalDays)[0] ?? null;
}
