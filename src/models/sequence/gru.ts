// hot loop
import type { Rng } from "../../base/rng.js";

/** Sizes of a network. Its parameters are one array of `parameterCount` numbers. */
export interface GruShape {
  /** Numbers a step. */
  readonly channels: number;
  readonly hidden: number;
  /** Steps of the longest sequence. */
  readonly steps: number;
}

/** Rows × steps × channels, row by row, and which steps hold no value at all. */
export interface Sequences {
  readonly rows: number;
  readonly values: Float64Array;
  /** 1 for a step that is to be passed over, rows × steps. */
  readonly skipped: Uint8Array;
}

/** The three gates, in the order of their parameters. */
const UPDATE = 0;
const RESET = 1;
const CANDIDATE = 2;
const GATES = 3;

/**
 * Each unit of each gate has a row [weights of the channels, weights of the hidden units, bias]; behind the gates stands the row of the
 * output [weights of the hidden units, bias].
 */
export function parameterCount({ channels, hidden }: GruShape): number {
  return GATES * hidden * (channels + hidden + 1) + hidden + 1;
}

/** Uniform weights after Glorot & Bengio (2010); the update gate starts by keeping what it knows, the output at `margin`. */
export function initialParameters(shape: GruShape, margin: number, rng: Rng): Float64Array {
  const { channels, hidden } = shape;
  const width = channels + hidden + 1;
  const theta = new Float64Array(parameterCount(shape));
  const fromChannels = Math.sqrt(6 / (channels + hidden));
  const fromHidden = Math.sqrt(6 / (2 * hidden));
  for (let unit = 0; unit < GATES * hidden; unit++) {
    const at = unit * width;
    for (let j = 0; j < channels; j++) theta[at + j] = (2 * rng.uniform() - 1) * fromChannels;
    for (let j = 0; j < hidden; j++) theta[at + channels + j] = (2 * rng.uniform() - 1) * fromHidden;
    if (unit < hidden) theta[at + width - 1] = 1;
  }
  const out = GATES * hidden * width;
  for (let j = 0; j < hidden; j++) theta[out + j] = (2 * rng.uniform() - 1) / Math.sqrt(hidden);
  theta[out + hidden] = margin;
  return theta;
}

/** Whether a parameter is a weight, and no bias: decay pulls at weights alone. */
export function isWeight({ channels, hidden }: GruShape, index: number): boolean {
  const width = channels + hidden + 1;
  const gates = GATES * hidden * width;
  return index < gates ? index % width !== width - 1 : index - gates < hidden;
}

/**
 * A gated recurrent unit (Cho et al. 2014) that reads one sequence and ends in a log-odds:
 *
 *   z = σ(Wz x + Uz h + bz)   r = σ(Wr x + Ur h + br)   c = tanh(Wc x + Uc (r ∘ h) + bc)   h ← z ∘ h + (1 − z) ∘ c
 *
 * A step that is passed over leaves h as it is. Holds what `backward` needs of the sequence that was read last.
 */
export class Gru {
  readonly #shape: GruShape;
  readonly #sequences: Sequences;
  #row = -1;
  /** Hidden units before step t at t · hidden; gates and r ∘ h at step t likewise. */
  readonly #h: Float64Array;
  readonly #z: Float64Array;
  readonly #r: Float64Array;
  readonly #c: Float64Array;
  readonly #rh: Float64Array;
  /** Of the loss: by h, by r ∘ h, and by the arguments of the three gates. */
  #dh: Float64Array;
  #dhBefore: Float64Array;
  readonly #drh: Float64Array;
  readonly #dz: Float64Array;
  readonly #dr: Float64Array;
  readonly #dc: Float64Array;

  constructor(shape: GruShape, sequences: Sequences) {
    const { hidden, steps } = shape;
    this.#shape = shape;
    this.#sequences = sequences;
    this.#h = new Float64Array((steps + 1) * hidden);
    this.#z = new Float64Array(steps * hidden);
    this.#r = new Float64Array(steps * hidden);
    this.#c = new Float64Array(steps * hidden);
    this.#rh = new Float64Array(steps * hidden);
    this.#dh = new Float64Array(hidden);
    this.#dhBefore = new Float64Array(hidden);
    this.#drh = new Float64Array(hidden);
    this.#dz = new Float64Array(hidden);
    this.#dr = new Float64Array(hidden);
    this.#dc = new Float64Array(hidden);
  }

  /** Log-odds of a row. */
  forward(theta: Float64Array, row: number): number {
    const { channels, hidden, steps } = this.#shape;
    const { values: x, skipped } = this.#sequences;
    this.#row = row;
    const width = channels + hidden + 1;
    const gate = hidden * width;
    const [h, z, r, c, rh] = [this.#h, this.#z, this.#r, this.#c, this.#rh];
    h.fill(0, 0, hidden);
    for (let t = 0; t < steps; t++) {
      const own = t * hidden;
      const next = own + hidden;
      if (skipped[row * steps + t] === 1) {
        for (let k = 0; k < hidden; k++) h[next + k] = h[own + k]!;
        continue;
      }
      const input = (row * steps + t) * channels;
      for (let k = 0; k < hidden; k++) {
        const update = UPDATE * gate + k * width;
        const reset = RESET * gate + k * width;
        let a = theta[update + width - 1]!;
        let b = theta[reset + width - 1]!;
        for (let j = 0; j < channels; j++) {
          const value = x[input + j]!;
          a += theta[update + j]! * value;
          b += theta[reset + j]! * value;
        }
        for (let j = 0; j < hidden; j++) {
          const value = h[own + j]!;
          a += theta[update + channels + j]! * value;
          b += theta[reset + channels + j]! * value;
        }
        z[own + k] = 1 / (1 + Math.exp(-a));
        r[own + k] = 1 / (1 + Math.exp(-b));
        rh[own + k] = r[own + k]! * h[own + k]!;
      }
      for (let k = 0; k < hidden; k++) {
        const candidate = CANDIDATE * gate + k * width;
        let a = theta[candidate + width - 1]!;
        for (let j = 0; j < channels; j++) a += theta[candidate + j]! * x[input + j]!;
        for (let j = 0; j < hidden; j++) a += theta[candidate + channels + j]! * rh[own + j]!;
        const value = 2 / (1 + Math.exp(-2 * a)) - 1;
        c[own + k] = value;
        h[next + k] = value + z[own + k]! * (h[own + k]! - value);
      }
    }
    const out = GATES * gate;
    let margin = theta[out + hidden]!;
    for (let k = 0; k < hidden; k++) margin += theta[out + k]! * h[steps * hidden + k]!;
    return margin;
  }

  /** Adds to `gradient` what the row that `forward` read last adds to it; `slope` is d loss ÷ d log-odds. Back through time (Werbos 1990). */
  backward(theta: Float64Array, slope: number, gradient: Float64Array): void {
    const { channels, hidden, steps } = this.#shape;
    const { values: x, skipped } = this.#sequences;
    const width = channels + hidden + 1;
    const gate = hidden * width;
    const out = GATES * gate;
    gradient[out + hidden]! += slope;
    for (let k = 0; k < hidden; k++) {
      gradient[out + k]! += slope * this.#h[steps * hidden + k]!;
      this.#dh[k] = slope * theta[out + k]!;
    }
    for (let t = steps - 1; t >= 0; t--) {
      const step = this.#row * steps + t;
      if (skipped[step] === 1) continue;
      this.#throughGates(theta, t);
      const seen = { x, input: step * channels, channels, h: this.#h, own: t * hidden, hidden };
      addOuter(gradient, UPDATE * gate, this.#dz, seen);
      addOuter(gradient, RESET * gate, this.#dr, seen);
      addOuter(gradient, CANDIDATE * gate, this.#dc, { ...seen, h: this.#rh });
      [this.#dh, this.#dhBefore] = [this.#dhBefore, this.#dh];
    }
  }

  /** From the slope by h behind a step to those by its gates' arguments, and by h before it. */
  #throughGates(theta: Float64Array, t: number): void {
    const { channels, hidden } = this.#shape;
    const width = channels + hidden + 1;
    const gate = hidden * width;
    const own = t * hidden;
    const [h, dh, before, drh, dz, dr, dc] = [
      this.#h,
      this.#dh,
      this.#dhBefore,
      this.#drh,
      this.#dz,
      this.#dr,
      this.#dc,
    ];
    drh.fill(0);
    for (let k = 0; k < hidden; k++) {
      const z = this.#z[own + k]!;
      const c = this.#c[own + k]!;
      dz[k] = dh[k]! * (h[own + k]! - c) * z * (1 - z);
      const slope = dh[k]! * (1 - z) * (1 - c * c);
      dc[k] = slope;
      before[k] = dh[k]! * z;
      const row = CANDIDATE * gate + k * width + channels;
      for (let j = 0; j < hidden; j++) drh[j]! += slope * theta[row + j]!;
    }
    for (let k = 0; k < hidden; k++) {
      const r = this.#r[own + k]!;
      dr[k] = drh[k]! * h[own + k]! * r * (1 - r);
      before[k]! += drh[k]! * r;
    }
    for (let k = 0; k < hidden; k++) {
      const update = UPDATE * gate + k * width + channels;
      const reset = RESET * gate + k * width + channels;
      const a = dz[k]!;
      const b = dr[k]!;
      for (let j = 0; j < hidden; j++) before[j]! += a * theta[update + j]! + b * theta[reset + j]!;
    }
  }
}

interface GateInput {
  readonly x: Float64Array;
  readonly input: number;
  readonly channels: number;
  readonly h: Float64Array;
  readonly own: number;
  readonly hidden: number;
}

/** Adds slope ⊗ [x, h, 1] to a gate's rows. */
function addOuter(gradient: Float64Array, from: number, slopes: Float64Array, inputs: GateInput): void {
  const { x, input, channels, h, own, hidden } = inputs;
  let at = from;
  for (let k = 0; k < hidden; k++) {
    const slope = slopes[k]!;
    for (let j = 0; j < channels; j++) gradient[at++]! += slope * x[input + j]!;
    for (let j = 0; j < hidden; j++) gradient[at++]! += slope * h[own + j]!;
    gradient[at++]! += slope;
  }
}
