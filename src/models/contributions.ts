import { logit, sigmoid } from "../base/math/sigmoid.js";
import { cut, type EnsembleState } from "./ensemble.js";
import { type LogisticState, seenBy } from "./logistic.js";
import type { ModelState } from "./model-state.js";
import { standardised } from "./scaler.js";
import { channelEffects } from "./sequence/channel-effects.js";
import type { TreesState } from "./trees/tree.js";
import { expectedSum, treeShap } from "./trees/tree-shap.js";

/** What each column adds to what a model says of a row, against what it says of the average row. */
export interface Contributions {
  /** What they add up to, with `base`: log-odds of churn, or P(churn). */
  readonly scale: "log-odds" | "probability";
  /** What the model says on average over its training rows. */
  readonly base: number;
  /** A column each: the inputs, then P(of each kind) where the model learned kinds of users. */
  readonly effects: Float64Array;
  /** The row's values in step with `effects`. */
  readonly values: Float64Array;
}

/**
 * Shapley values of a row before calibration: base + Σ effects is the margin (log-odds), or P(churn) of a forest. Linear models:
 * coefficient × distance from the mean, columns taken as independent. Trees: `treeShap`. Sequences: `channelEffects`, which is close to them.
 * Ensembles: what its members' add up to, in P(churn) for a vote, in log-odds for a stack.
 */
export function contributionsOf(state: ModelState, row: Float64Array): Contributions {
  switch (state.kind) {
    case "logistic": {
      const seen = seenBy(state, { rows: 1, cols: row.length, data: row }).data;
      return { scale: "log-odds", base: state.intercept, effects: linearEffects(state, seen), values: seen };
    }
    case "boosting":
    case "xgboost":
      return { scale: "log-odds", base: state.base + expectedSum(state), effects: treeShap(state, row), values: row };
    case "forest":
      return forestContributions(state, row);
    case "ensemble":
      return ensembleContributions(state, row);
    case "sequence":
      return { scale: "log-odds", ...channelEffects(state, row) };
    default:
      return state satisfies never;
  }
}

function forestContributions(state: TreesState, row: Float64Array): Contributions {
  const count = state.trees.length;
  const effects = treeShap(state, row).map((sum) => sum / count);
  return { scale: "probability", base: expectedSum(state) / count, effects, values: row };
}

/** A member that learned kinds of users tells of more columns than the others. */
function ensembleContributions({ members, line }: EnsembleState, row: Float64Array): Contributions {
  const told = members.map(({ state }) => contributionsOf(state, row));
  const values = told.reduce((widest, { values: own }) => (own.length > widest.length ? own : widest), row);
  const effects = new Float64Array(values.length);
  const add = (one: Contributions, weight: number): void => {
    for (const [column, effect] of one.effects.entries()) {
      effects[column] = (effects[column] ?? 0) + weight * effect;
    }
  };
  if (line === null) {
    const weight = 1 / told.length;
    const said = told.map(asProbability);
    for (const one of said) add(one, weight);
    return { scale: "probability", base: said.reduce((sum, one) => sum + weight * one.base, 0), effects, values };
  }
  let base = line.intercept;
  line.columns.forEach((member, k) => {
    const own = told[member];
    if (own === undefined) return;
    const weight = (line.coef[k] ?? 0) / (line.scale[k] ?? 1);
    const said = rescaled(asLogOdds(own), "log-odds", cut);
    base += weight * (said.base - (line.mean[k] ?? 0));
    add(said, weight);
  });
  return { scale: "log-odds", base, effects, values };
}

/**
 * Coefficient × standardised value, 0 for a missing value and for a column that was not selected.
 *
 * @param values of one row, as `seenBy` gives them
 */
export function linearEffects(state: LogisticState, values: Float64Array): Float64Array {
  const effects = new Float64Array(values.length);
  state.columns.forEach((column, k) => {
    const z = standardised(values[column] ?? Number.NaN, state.mean[k] ?? 0, state.scale[k] ?? 1);
    effects[column] = (state.coef[k] ?? 0) * z;
  });
  return effects;
}

/**
 * The same in log-odds. Where a model adds up probabilities each effect keeps its share of the whole way, so that they still add up,
 * now to log-odds (the rescale rule of DeepLIFT; Shrikumar, Greenside & Kundaje 2017).
 */
export function asLogOdds(told: Contributions): Contributions {
  return told.scale === "log-odds" ? told : rescaled(told, "log-odds", logit);
}

/** The same in P(churn), by the same rule. */
export function asProbability(told: Contributions): Contributions {
  return told.scale === "probability" ? told : rescaled(told, "probability", sigmoid);
}

/** Below this distance the slope of the link stands for the quotient, which is lost in rounding. */
const NO_WAY = 1e-9;

function rescaled(told: Contributions, scale: Contributions["scale"], link: (value: number) => number): Contributions {
  const way = told.effects.reduce((sum, effect) => sum + effect, 0);
  const to = link(told.base + way) - link(told.base);
  const near = (link(told.base + NO_WAY) - link(told.base - NO_WAY)) / (2 * NO_WAY);
  const factor = Math.abs(way) < NO_WAY ? near : to / way;
  return { ...told, scale, base: link(told.base), effects: told.effects.map((effect) => effect * factor) };
}
