// hot loop
import { log1pExp, sigmoid } from "../../base/math/sigmoid.js";
import { type Rng, shuffledIndices } from "../../base/rng.js";
import { adam, clipGradient } from "./adam.js";
import { Gru, type GruShape, initialParameters, isWeight, type Sequences } from "./gru.js";

export interface GruSettings {
  readonly epochs: number;
  /** Epochs without a better loss of the held-out rows after which it stops. */
  readonly patience: number;
  /** Rows a step of Adam. */
  readonly batch: number;
  readonly learningRate: number;
  readonly decay: number;
  /** Length to which a batch's gradient is cut. */
  readonly clip: number;
}

export interface GruRows {
  readonly sequences: Sequences;
  readonly y: Uint8Array;
  readonly weight: Float64Array;
  /** Rows learned from, and rows that say when to stop. */
  readonly learned: Int32Array;
  readonly held: Int32Array;
}

export interface TrainedGru {
  readonly theta: Float64Array;
  /** Epochs behind `theta`, and the mean log loss of the held-out rows there. */
  readonly epochs: number;
  readonly heldLoss: number;
}

/**
 * Minimises the weighted mean log loss of the learned rows in minibatches by Adam, and keeps the parameters of the epoch that had the
 * lowest loss on the held-out rows; without any, those of the last. Starts from the base rate.
 */
export function trainGru(shape: GruShape, rows: GruRows, settings: GruSettings, rng: Rng): TrainedGru {
  const { learned, held, weight, y } = rows;
  const theta = initialParameters(shape, baseMargin(rows), rng.fork("weights"));
  const { learningRate, decay, clip } = settings;
  const step = adam(theta, { learningRate, decay, decays: (index) => isWeight(shape, index) });
  const gru = new Gru(shape, rows.sequences);
  const gradient = new Float64Array(theta.length);
  const meanWeight = totalOf(weight, learned) / learned.length;
  const order = rng.fork("batches");
  let best: TrainedGru = { theta: theta.slice(), epochs: 0, heldLoss: meanLoss(gru, theta, rows) };
  for (let epoch = 1; epoch <= settings.epochs && epoch - best.epochs <= settings.patience; epoch++) {
    const shuffled = shuffledIndices(learned.length, order);
    for (let from = 0; from < shuffled.length; from += settings.batch) {
      const to = Math.min(from + settings.batch, shuffled.length);
      gradient.fill(0);
      for (let i = from; i < to; i++) {
        const row = learned[shuffled[i]!]!;
        const p = sigmoid(gru.forward(theta, row));
        gru.backward(theta, ((p - y[row]!) * weight[row]!) / (meanWeight * (to - from)), gradient);
      }
      clipGradient(gradient, clip);
      step(gradient);
    }
    const heldLoss = meanLoss(gru, theta, rows);
    if (held.length === 0 || heldLoss < best.heldLoss) best = { theta: theta.slice(), epochs: epoch, heldLoss };
  }
  return best;
}

/** Weighted mean log loss of the held-out rows; 0 without any. */
function meanLoss(gru: Gru, theta: Float64Array, { held, weight, y }: GruRows): number {
  let sum = 0;
  for (let i = 0; i < held.length; i++) {
    const row = held[i]!;
    const margin = gru.forward(theta, row);
    sum += weight[row]! * (log1pExp(margin) - y[row]! * margin);
  }
  return held.length === 0 ? 0 : sum / totalOf(weight, held);
}

function baseMargin({ learned, weight, y }: GruRows): number {
  let churned = 0;
  for (let i = 0; i < learned.length; i++) churned += y[learned[i]!]! * weight[learned[i]!]!;
  return Math.log(churned / (totalOf(weight, learned) - churned));
}

function totalOf(weight: Float64Array, rows: Int32Array): number {
  let sum = 0;
  for (let i = 0; i < rows.length; i++) sum += weight[rows[i]!]!;
  return sum;
}
