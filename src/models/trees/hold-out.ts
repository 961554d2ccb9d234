// hot loop
import type { Matrix } from "../../base/matrix.js";

export interface EarlyStopping {
  /** Rounds without a better held-out log loss after which training stops. */
  readonly rounds: number;
  /** Share of the rows that is held out. */
  readonly share: number;
}

/** Weights of the rows trained on and of those held out; null where nothing is, or where a part would lack a label. */
export function holdOut(
  x: Matrix,
  y: Uint8Array,
  weights: Float64Array,
  share: number,
  seed: number,
): { trained: Float64Array; heldOut: Float64Array | null } {
  const draw = drawByContent(x, seed);
  const heldOut = weights.map((weight, i) => (draw[i]! < share ? weight : 0));
  const trained = weights.map((weight, i) => (draw[i]! < share ? 0 : weight));
  const both = (own: Float64Array) => [0, 1].every((label) => own.some((weight, i) => weight > 0 && y[i] === label));
  return both(heldOut) && both(trained) ? { trained, heldOut } : { trained: weights, heldOut: null };
}

/**
 * A number in [0, 1) for each row, drawn from what the row says and a seed: rows that say the same get the same, so that copies of a
 * row never lie on both sides of a split, and the order of rows does not matter.
 */
export function drawByContent({ rows, cols, data }: Matrix, seed: number): Float64Array {
  const words = new Uint32Array(data.buffer, data.byteOffset, 2 * rows * cols);
  const out = new Float64Array(rows);
  for (let i = 0; i < rows; i++) {
    let a = 0x811c9dc5 ^ seed;
    let b = 0x9e3779b9 ^ seed;
    for (let w = 2 * i * cols; w < 2 * (i + 1) * cols; w++) {
      a = Math.imul(a ^ words[w]!, 0x01000193);
      b = Math.imul(b ^ (words[w]! >>> 16) ^ (a >>> 7), 0x85ebca6b);
    }
    out[i] = mixed(a ^ mixed(b)) / 4294967296;
  }
  return out;
}

/** The finaliser of MurmurHash3. */
function mixed(value: number): number {
  let z = value ^ (value >>> 16);
  z = Math.imul(z, 0x85ebca6b);
  z ^= z >>> 13;
  z = Math.imul(z, 0xc2b2ae35);
  return (z ^ (z >>> 16)) >>> 0;
}
