import type { Matrix } from "../base/matrix.js";
import type { World } from "../base/world.js";
import type { Estimator, SettingRange } from "../models/estimator.js";
import type { Resample } from "./resampled.js";

/** An estimator with its parameter and state types closed over, so that different ones fit in one list. */
export interface Learner {
  readonly name: string;
  readonly grid: readonly Params[];
  readonly defaults: Params;
  /** What random search and halving draw from; absent: they draw from the grid. */
  readonly ranges?: Readonly<Record<string, SettingRange>>;
  /** The parameter of which one fit holds all smaller values, for settings where it does (`Fitted.upTo`). */
  readonly size?: string;
  /** What is done about rare labels; absent: nothing. */
  readonly resample?: Resample;
  fit(rows: LabelledRows, params: Params, world: World): Fitted;
}

/** Rows to learn from, in any order; rows of one user repeat one another. */
export interface LabelledRows {
  readonly x: Matrix;
  readonly y: Uint8Array;
  /** Whose row it is, and how many different users there are. */
  readonly user: Int32Array;
  readonly users: number;
  /** When it was taken; where absent, rows are not snapshots. */
  readonly cutoffMs?: Float64Array;
}

export type Params = Readonly<Record<string, unknown>>;

export interface Fitted {
  /** Plain data: what goes into the model file. */
  readonly state: unknown;
  predict(x: Matrix): Float64Array;
  /** What the same settings with a smaller `Learner.size` would have left; absent where only another fit can tell. */
  readonly upTo?: (size: number) => Fitted;
}

/** `settings` replaces the estimator's own grid or defaults. */
export function learnerOf<P extends object, S>(
  estimator: Estimator<P, S>,
  settings: { readonly grid?: readonly P[]; readonly defaults?: P } = {},
): Learner {
  const { ranges } = estimator.space;
  return {
    name: estimator.name,
    grid: (settings.grid ?? estimator.space.grid) as readonly Params[],
    defaults: (settings.defaults ?? estimator.defaults) as Params,
    ...(ranges === undefined ? {} : { ranges: ranges as Readonly<Record<string, SettingRange>> }),
    ...(estimator.stages === undefined ? {} : { size: estimator.stages.size }),
    fit: ({ x, y }, params, world) => fittedOf(estimator, params as P, estimator.fit(x, y, null, params as P, world)),
  };
}

/** What an estimator left behind, with the estimator closed over. */
export function fittedOf<P extends object, S>(estimator: Estimator<P, S>, params: P, state: S): Fitted {
  const { stages } = estimator;
  const fitted: Fitted = { state, predict: (rows) => estimator.predict(state, rows) };
  if (stages?.holdsFor(params) !== true) return fitted;
  return {
    ...fitted,
    upTo: (size) => fittedOf(estimator, { ...params, [stages.size]: size }, stages.upTo(state, size)),
  };
}
