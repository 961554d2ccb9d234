import type { Matrix } from "../base/matrix.js";
import type { World } from "../base/world.js";

/** What one setting may be: one of a few values, or a number between two, even on its own scale or on that of its logarithm. */
export type SettingRange<V = unknown> =
  | { readonly kind: "choice"; readonly values: readonly V[] }
  | { readonly kind: "uniform" | "logUniform"; readonly low: number; readonly high: number; readonly whole?: boolean };

/** The settings that tuning may try. */
export interface SearchSpace<P> {
  /** In the order in which grid search tries them. */
  readonly grid: readonly P[];
  /** What random search and successive halving draw from; what is not named keeps its default. Absent: they draw from the grid. */
  readonly ranges?: { readonly [K in keyof P]?: SettingRange<P[K]> };
}

/** How one fit holds others that differ in one parameter alone. */
export interface Stages<P, S> {
  /** The parameter: a whole number. */
  readonly size: string;
  /** Whether it holds for these settings. */
  holdsFor(params: P): boolean;
  /** What fitting with a smaller size would have left, to the bit as far as `predict` goes. */
  upTo(state: S, size: number): S;
}

/**
 * A learner of P(churn). Fitting returns plain data that survives JSON unchanged; predicting is a pure
 * function of it. Every estimator passes `test/models/conformance.test.ts`.
 */
export interface Estimator<P, S> {
  readonly name: string;
  readonly space: SearchSpace<P>;
  readonly defaults: P;
  /**
   * `x` rows × columns with NaN for missing, `y` 0 or 1 a row, `weights` ≥ 0 a row (a weight of 2 is the row
   * twice) or null for all 1. Fails with SINGLE_CLASS when one label alone has weight.
   */
  fit(x: Matrix, y: Uint8Array, weights: Float64Array | null, params: P, world: World): S;
  /** Set where fitting more of something begins as fitting less of it, as trees that are grown one after another do. */
  readonly stages?: Stages<P, S>;
  /** P(churn) in [0, 1], one a row, in row order. */
  predict(state: S, x: Matrix): Float64Array;
}
