import type { Matrix } from "../../base/matrix.js";
import { seededRng } from "../../base/rng.js";
import type { World } from "../../base/world.js";
import { type Importance, importanceOf } from "../../evaluate/importance.js";
import type { ModelState } from "../../models/model-state.js";
import type { ImportanceDocument } from "../../schema/explanation-documents.js";
import { columnNames } from "../reasons/reasons.js";

const STRONGEST_MAX = 15;

/** The fitted model, and the rows whose contributions tell how much each feature matters. */
export interface Explained {
  readonly state: unknown;
  readonly features: readonly string[];
  readonly x: Matrix;
  readonly user: Int32Array;
}

/**
 * What moves a model most: by mean |contribution| with intervals, and by coefficient (log-odds a standard deviation) where it has
 * coefficients, else by the same mean with the sign of its direction.
 */
export function strongestOf(
  { state, features, ...rows }: Explained,
  world: World,
): { readonly strongest: { feature: string; effect: number }[]; readonly importance: ImportanceDocument[] } {
  const known = state as ModelState;
  const names = columnNames(features, known);
  const nameOf = (column: number): string => names[column] ?? `column ${column}`;
  const found = importanceOf(known, rows, {}, seededRng(world.seed).fork("importance")).filter(
    ({ value }) => value > 0,
  );
  const importance = found.slice(0, STRONGEST_MAX).map((one) => told(one, nameOf(one.column)));
  if (known.kind !== "logistic") {
    return {
      importance,
      strongest: importance.map(({ feature, value, direction }) => ({ feature, effect: direction * value })),
    };
  }
  const strongest = known.columns
    .map((column, k) => ({ feature: nameOf(column), effect: known.coef[k] ?? 0 }))
    .filter(({ effect }) => effect !== 0)
    .sort((a, b) => Math.abs(b.effect) - Math.abs(a.effect))
    .slice(0, STRONGEST_MAX);
  return { importance, strongest };
}

function told({ column: _, ...one }: Importance, feature: string): ImportanceDocument {
  return { feature, ...one };
}
