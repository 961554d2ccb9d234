import { type Matrix, matrix } from "../../../src/base/matrix.js";
import { seededRng } from "../../../src/base/rng.js";
import { asInstant } from "../../../src/base/time.js";
import type { World } from "../../../src/base/world.js";

export function worldOf(seed: number, threads = 1): World {
  return {
    now: () => asInstant(0),
    seed,
    threads,
    log: { debug() {}, info() {}, warn() {} },
    signal: { aborted: false },
  };
}

/** Rows of normal columns; churn follows the first two and their product, and a gap in the third. Column 3 takes few values. */
export function churnSample(rows: number, cols: number, seed: number): { x: Matrix; y: Uint8Array } {
  const rng = seededRng(seed);
  const x = matrix(rows, cols);
  const y = new Uint8Array(rows);
  for (let i = 0; i < rows; i++) {
    const row = Array.from({ length: cols }, () => rng.normal());
    const gap = rng.uniform() < 0.2;
    row[3] = Math.round(2 * (row[3] ?? 0));
    const [a = 0, b = 0] = row;
    const logOdds = a - 0.5 * b + a * b + (gap ? 1 : 0) - 1;
    y[i] = rng.uniform() < 1 / (1 + Math.exp(-logOdds)) ? 1 : 0;
    if (gap) row[2] = Number.NaN;
    x.data.set(row, i * cols);
  }
  return { x, y };
}
