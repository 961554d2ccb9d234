// hot loop
import { type Matrix, takeRows } from "../../base/matrix.js";

/** Rows to learn from, no two alike, each with its weight. */
export interface WeighedRows {
  readonly x: Matrix;
  readonly y: Uint8Array;
  readonly weight: Float64Array;
  /** Rows of a group are held out together. */
  readonly group: Int32Array;
}

/**
 * Rows alike in values, label and group become one that weighs as much as they together, in the order in which they first came; rows
 * without weight go. So a row of weight 2 and a row that is there twice are the same to what learns in batches too.
 *
 * @param group null: each different row is a group of its own
 */
export function mergeSameRows(
  x: Matrix,
  y: Uint8Array,
  weights: Float64Array | null,
  group: Int32Array | null,
): WeighedRows {
  const byHash = new Map<number, number[]>();
  const rows: number[] = [];
  const total: number[] = [];
  for (let row = 0; row < x.rows; row++) {
    const weight = weights === null ? 1 : weights[row]!;
    if (weight === 0) continue;
    const hash = hashOf(x, row) ^ y[row]!;
    const bucket = byHash.get(hash);
    const same = bucket?.find((at) => {
      const other = rows[at]!;
      return y[other] === y[row] && (group === null || group[other] === group[row]) && sameValues(x, other, row);
    });
    if (same !== undefined) {
      total[same]! += weight;
      continue;
    }
    if (bucket === undefined) byHash.set(hash, [rows.length]);
    else bucket.push(rows.length);
    rows.push(row);
    total.push(weight);
  }
  return {
    x: takeRows(x, rows),
    y: Uint8Array.from(rows, (row) => y[row]!),
    weight: Float64Array.from(total),
    group: Int32Array.from(rows, (row, at) => (group === null ? at : group[row]!)),
  };
}

function sameValues({ cols, data }: Matrix, a: number, b: number): boolean {
  for (let j = 0; j < cols; j++) {
    const one = data[a * cols + j]!;
    const other = data[b * cols + j]!;
    if (one !== other && !(Number.isNaN(one) && Number.isNaN(other))) return false;
  }
  return true;
}

const bits = new Float64Array(1);
const words = new Uint32Array(bits.buffer);

/** FNV-1a over the values' words; all missing values are alike, and so are both zeros. */
function hashOf({ cols, data }: Matrix, row: number): number {
  let hash = 0x811c9dc5;
  for (let at = row * cols; at < (row + 1) * cols; at++) {
    const value = data[at]!;
    bits[0] = Number.isNaN(value) ? Number.NaN : value + 0;
    hash = Math.imul(hash ^ words[0]!, 0x01000193);
    hash = Math.imul(hash ^ words[1]!, 0x01000193);
  }
  return hash;
}
