import type { Matrix } from "../base/matrix.js";
import { seededRng } from "../base/rng.js";
import type { World } from "../base/world.js";
import { smote } from "../models/smote.js";
import type { LabelledRows, Learner } from "./learner.js";

export const RESAMPLES = ["none", "smote"] as const;
/** What is done about rare labels before a model is fitted. */
export type Resample = (typeof RESAMPLES)[number];

/**
 * The learner, given synthetic churned rows beside those it learns from. They are made inside `fit`, of training rows alone, and
 * nothing else ever sees them: neither what is predicted, nor calibration, nor a metric.
 */
export function resampled(learner: Learner, resample: Resample): Learner {
  if (resample === "none") return learner;
  const known = new WeakMap<Matrix, LabelledRows>();
  return {
    ...learner,
    resample,
    fit: (rows, params, world) => {
      const more = known.get(rows.x) ?? withSynthetic(rows, world);
      known.set(rows.x, more);
      return learner.fit(more, params, world);
    },
  };
}

/** A synthetic row is its first parent's user's, and older than all others: it is nobody's latest. */
function withSynthetic(rows: LabelledRows, world: World): LabelledRows {
  const repeats = rows.users < rows.y.length;
  const { x, y, base } = smote(rows.x, rows.y, repeats ? rows.user : null, seededRng(world.seed).fork("smote"));
  const user = Int32Array.from(
    y,
    (_, row) => rows.user[row < rows.y.length ? row : (base[row - rows.y.length] ?? -1)] ?? -1,
  );
  if (rows.cutoffMs === undefined) return { x, y, user, users: rows.users };
  const cutoffMs = new Float64Array(y.length).fill(Number.NEGATIVE_INFINITY);
  cutoffMs.set(rows.cutoffMs);
  return { x, y, user, users: rows.users, cutoffMs };
}
