import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { log1pExp, sigmoid } from "../../../src/base/math/sigmoid.js";
import { seededRng } from "../../../src/base/rng.js";
import {
  Gru,
  type GruShape,
  initialParameters,
  isWeight,
  parameterCount,
  type Sequences,
} from "../../../src/models/sequence/gru.js";

const shapes = fc.record({
  channels: fc.integer({ min: 1, max: 4 }),
  hidden: fc.integer({ min: 1, max: 5 }),
  steps: fc.integer({ min: 1, max: 7 }),
});

/** Rows of random steps, some of which are passed over. */
function sequencesOf({ channels, steps }: GruShape, rows: number, seed: number): Sequences {
  const rng = seededRng(seed);
  return {
    rows,
    values: Float64Array.from({ length: rows * steps * channels }, () => rng.normal()),
    skipped: Uint8Array.from({ length: rows * steps }, () => (rng.uniform() < 0.25 ? 1 : 0)),
  };
}

/** Cho's equations, with nothing but arrays. */
function plainMargin(shape: GruShape, theta: Float64Array, { values, skipped }: Sequences, row: number): number {
  const { channels, hidden, steps } = shape;
  const width = channels + hidden + 1;
  const at = (i: number) => theta[i] ?? Number.NaN;
  const gateOf = (gate: number, k: number, x: number[], h: number[]) =>
    [...x, ...h, 1].reduce((sum, value, j) => sum + at((gate * hidden + k) * width + j) * value, 0);
  let h = Array<number>(hidden).fill(0);
  for (let t = 0; t < steps; t++) {
    const step = row * steps + t;
    if (skipped[step] === 1) continue;
    const x = Array.from(values.subarray(step * channels, (step + 1) * channels));
    const z = h.map((_, k) => sigmoid(gateOf(0, k, x, h)));
    const reset = h.map((value, k) => sigmoid(gateOf(1, k, x, h)) * value);
    const c = h.map((_, k) => Math.tanh(gateOf(2, k, x, reset)));
    h = h.map((value, k) => (z[k] ?? 0) * value + (1 - (z[k] ?? 0)) * (c[k] ?? 0));
  }
  return [...h, 1].reduce((sum, value, k) => sum + at(3 * hidden * width + k) * value, 0);
}

describe("gated recurrent unit", () => {
  it("computes what the equations of Cho et al. say", () => {
    fc.assert(
      fc.property(shapes, fc.nat(), (shape, seed) => {
        const sequences = sequencesOf(shape, 3, seed);
        const theta = initialParameters(shape, 0.3, seededRng(seed));
        const gru = new Gru(shape, sequences);
        for (const row of [2, 0, 1]) {
          expect(gru.forward(theta, row)).toBeCloseTo(plainMargin(shape, theta, sequences, row), 12);
        }
      }),
    );
  });

  it("has the gradient that small changes of each parameter show", () => {
    fc.assert(
      fc.property(shapes, fc.nat(), (shape, seed) => {
        const rows = 4;
        const sequences = sequencesOf(shape, rows, seed);
        const theta = initialParameters(shape, -0.5, seededRng(seed)).map((value) => 1.5 * value);
        const gru = new Gru(shape, sequences);
        const lossAt = (at: Float64Array) => {
          let loss = 0;
          for (let row = 0; row < rows; row++) {
            const margin = gru.forward(at, row);
            loss += log1pExp(margin) - (row % 2) * margin;
          }
          return loss;
        };
        const gradient = new Float64Array(theta.length);
        for (let row = 0; row < rows; row++) {
          gru.backward(theta, sigmoid(gru.forward(theta, row)) - (row % 2), gradient);
        }
        const step = 1e-5;
        theta.forEach((value, i) => {
          const moved = (by: number) => lossAt(theta.with(i, value + by));
          const shown = (moved(step) - moved(-step)) / (2 * step);
          expect(Math.abs((gradient[i] ?? Number.NaN) - shown)).toBeLessThan(
            1e-8 * Math.max(1, Math.abs(shown)) + 1e-9,
          );
        });
      }),
      { numRuns: 40 },
    );
  });

  it("passes over a step as if it were not there", () => {
    const shape = { channels: 2, hidden: 3, steps: 4 };
    const theta = initialParameters(shape, 0, seededRng(3));
    const values = Float64Array.from([1, 2, 9, 9, 3, 4, 9, 9]);
    const gaps = new Gru(shape, { rows: 1, values, skipped: Uint8Array.from([0, 1, 0, 1]) });
    const short = new Gru(
      { ...shape, steps: 2 },
      { rows: 1, values: Float64Array.from([1, 2, 3, 4]), skipped: new Uint8Array(2) },
    );
    expect(gaps.forward(theta, 0)).toBe(short.forward(theta, 0));
  });

  it("lets decay pull at weights, not at biases", () => {
    const shape = { channels: 2, hidden: 3, steps: 1 };
    const biases = Array.from({ length: parameterCount(shape) }, (_, i) => i).filter((i) => !isWeight(shape, i));
    expect(biases).toEqual([5, 11, 17, 23, 29, 35, 41, 47, 53, 57]);
  });
});
