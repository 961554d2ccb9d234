import { assert } from "../../base/assert.js";
import { sigmoid } from "../../base/math/sigmoid.js";
import { type Matrix, takeColumns } from "../../base/matrix.js";
import { type Rng, seededRng } from "../../base/rng.js";
import type { Estimator } from "../estimator.js";
import { classTotals } from "../two-classes.js";
import { asSequences, fitChannelScaler, stepsOf } from "./as-sequences.js";
import { Gru, type GruShape } from "./gru.js";
import { dealGroups } from "./hold-out.js";
import { mergeSameRows, type WeighedRows } from "./same-rows.js";
import { type GruRows, type GruSettings, trainGru } from "./train-gru.js";

export interface SequenceParams extends GruSettings {
  /** Steps that the columns are, oldest first, each with its channels side by side; columns that are no multiple of it are one step. */
  readonly days: number;
  /** Columns it looks at, in this order; absent is all. */
  readonly columns?: readonly number[];
  readonly hidden: number;
  /** Networks whose log-odds are averaged, at most `FOLDS`: each stops by a fold of its own. */
  readonly members: number;
  /** Whether both classes weigh the same while it learns; the log-odds are then moved back. */
  readonly classWeight: null | "balanced";
}

export interface SequenceState {
  readonly kind: "sequence";
  /** Columns of the matrices it predicts from, and those it looks at. */
  readonly inputs: number;
  readonly columns: readonly number[];
  readonly shape: GruShape;
  /** Of each channel. */
  readonly mean: readonly number[];
  readonly scale: readonly number[];
  /** Added to the log-odds: what balanced classes took from them. */
  readonly shift: number;
  /** Parameters of each network (`gru.ts` says in what order), and the epochs behind them. */
  readonly members: readonly { readonly theta: readonly number[]; readonly epochs: number }[];
}

/** Parts that groups are dealt to; a network learns from four and stops by the fifth. */
export const FOLDS = 5;

/** Groups with a churned row below which none is held out, and every epoch is run. */
const CHURNED_TO_HOLD = 2 * FOLDS;

export interface SequenceRows {
  readonly x: Matrix;
  readonly y: Uint8Array;
  readonly weights: Float64Array | null;
  /** Whose row it is: rows of one user are held out together. Null: each row is by itself. */
  readonly user: Int32Array | null;
}

/**
 * Standardise by channel → a few small GRUs, each trained on four fifths of the users until it gets no better on the fifth →
 * the mean of their log-odds. Rows alike are merged first, so that weights are repetition here too. Fails with SINGLE_CLASS.
 */
export function fitSequence(
  { x, y, weights, user }: SequenceRows,
  params: SequenceParams,
  seed: number,
): SequenceState {
  assert(y.length === x.rows, "one label a row");
  assert(params.members >= 1 && params.members <= FOLDS, `1 to ${FOLDS} members, not ${params.members}`);
  const totals = classTotals(y, weights);
  const columns = params.columns ?? Array.from({ length: x.cols }, (_, j) => j);
  const rows = mergeSameRows(takeColumns(x, columns), y, weights, user);
  const steps = stepsOf(columns.length, params.days);
  const shape: GruShape = { channels: columns.length / steps, hidden: params.hidden, steps };
  const scaler = fitChannelScaler(rows.x, shape.channels, rows.weight);
  const [zero, one] = params.classWeight === null ? [1, 1] : [1, totals[0] / totals[1]];
  const learnable = {
    sequences: asSequences(scaler, rows.x),
    y: rows.y,
    weight: rows.weight.map((weight, row) => weight * (rows.y[row] === 1 ? one : zero)),
  };
  const rng = seededRng(seed).fork("sequence");
  return {
    kind: "sequence",
    inputs: x.cols,
    columns,
    shape,
    ...scaler,
    shift: Math.log(zero / one),
    members: partsOf(rows, params.members, rng).map((part, m) => {
      const { theta, epochs } = trainGru(shape, { ...learnable, ...part }, params, rng.fork(m));
      return { theta: Array.from(theta), epochs };
    }),
  };
}

/** What each member learns from and stops by. */
function partsOf(rows: WeighedRows, members: number, rng: Rng): Pick<GruRows, "learned" | "held">[] {
  const all = Int32Array.from(rows.y.keys());
  const churned = new Set(rows.group.filter((_, row) => rows.y[row] === 1));
  const kept = new Set(rows.group.filter((_, row) => rows.y[row] === 0));
  const holds = Math.min(churned.size, kept.size) >= CHURNED_TO_HOLD;
  const fold = dealGroups(rows, FOLDS, rng.fork("folds"));
  return Array.from({ length: members }, (_, m) => ({
    learned: holds ? all.filter((row) => fold[row] !== m) : all,
    held: holds ? all.filter((row) => fold[row] === m) : new Int32Array(0),
  }));
}

/** Log-odds of churn, one a row. */
export function sequenceMargin(state: SequenceState, rows: Matrix): Float64Array {
  assert(rows.cols === state.inputs, `fitted on ${state.inputs} columns, given ${rows.cols}`);
  const sequences = asSequences(state, takeColumns(rows, state.columns));
  const gru = new Gru(state.shape, sequences);
  const out = new Float64Array(rows.rows).fill(state.shift);
  for (const { theta } of state.members) {
    const parameters = Float64Array.from(theta);
    for (let row = 0; row < out.length; row++) {
      out[row] = (out[row] ?? 0) + gru.forward(parameters, row) / state.members.length;
    }
  }
  return out;
}

const usual: SequenceParams = {
  days: 28,
  hidden: 8,
  members: 3,
  epochs: 30,
  patience: 4,
  batch: 64,
  learningRate: 0.01,
  decay: 0.05,
  clip: 1,
  classWeight: null,
};

/** A small recurrent network over days of activity. */
export const sequence: Estimator<SequenceParams, SequenceState> = {
  name: "sequence",
  defaults: usual,
  space: {
    grid: [
      { ...usual, hidden: 4 },
      { ...usual, hidden: 16 },
      { ...usual, learningRate: 0.003 },
      { ...usual, decay: 0.5 },
      { ...usual, classWeight: "balanced" },
    ],
    ranges: {
      hidden: { kind: "choice", values: [4, 8, 12, 16] },
      learningRate: { kind: "logUniform", low: 0.002, high: 0.03 },
      decay: { kind: "logUniform", low: 0.01, high: 1 },
      classWeight: { kind: "choice", values: [null, "balanced"] },
    },
  },
  fit: (x, y, weights, params, world) => fitSequence({ x, y, weights, user: null }, params, world.seed),
  predict: (state, x) => sequenceMargin(state, x).map(sigmoid),
};
