import { assert } from "../../base/assert.js";
import type { Matrix } from "../../base/matrix.js";
import { seededRng } from "../../base/rng.js";
import type { World } from "../../base/world.js";
import { classTotals } from "../two-classes.js";
import { binTable } from "./bins.js";
import { type BoostPlan, boost } from "./boost.js";
import { type EarlyStopping, holdOut } from "./hold-out.js";
import { crewFor } from "./threads/crew.js";
import type { BoostedTrees } from "./tree.js";

export interface BoostedInput {
  readonly x: Matrix;
  readonly y: Uint8Array;
  readonly weights: Float64Array | null;
}

export interface BoostedSettings {
  readonly kind: BoostedTrees["kind"];
  readonly columns: readonly number[] | undefined;
  readonly earlyStopping: EarlyStopping | null;
  /** By column of the matrix. */
  readonly monotone: readonly (-1 | 0 | 1)[] | null;
  /** Log-odds before the first tree, by the weights of kept and churned rows trained on. */
  readonly baseOf: (totals: readonly [number, number]) => number;
  readonly plan: Omit<BoostPlan, "monotone" | "patience">;
}

/** Checks, holds out, bins and boosts: what `boosting` and `xgboost` share. Fails with SINGLE_CLASS. */
export function fitBoosted({ x, y, weights }: BoostedInput, settings: BoostedSettings, world: World): BoostedTrees {
  const { kind, columns, earlyStopping, monotone, plan } = settings;
  assert(y.length === x.rows, "one label a row");
  classTotals(y, weights);
  const all = weights ?? new Float64Array(x.rows).fill(1);
  const { trained, heldOut } =
    earlyStopping === null ? { trained: all, heldOut: null } : holdOut(x, y, all, earlyStopping.share, world.seed);
  const base = Math.fround(settings.baseOf(classTotals(y, trained)));
  const rng = seededRng(world.seed).fork(kind);
  const crew = crewFor(x.rows * (columns?.length ?? x.cols) * plan.rounds, world);
  try {
    const table = binTable(x, trained, { columns, crew });
    const constraints = Int8Array.from(table.columns, (column) => monotone?.[column] ?? 0);
    const whole = { ...plan, monotone: constraints, patience: earlyStopping?.rounds ?? 0 };
    const trees = boost({ table, y, weights: trained, heldOut }, base, whole, { rng, crew });
    return { kind, inputs: x.cols, base, trees };
  } finally {
    crew.end();
  }
}
