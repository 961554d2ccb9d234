import { describe, expect, it } from "vitest";
import { type Matrix, matrix } from "../../../src/base/matrix.js";
import { seededRng } from "../../../src/base/rng.js";
import { rocAuc } from "../../../src/evaluate/metrics.js";
import { fitLogistic, logisticMargin } from "../../../src/models/logistic.js";
import { fitSequence, sequence, sequenceMargin } from "../../../src/models/sequence/sequence.js";
import { holdsTheLaws } from "../conformance.js";

const laws = { weightTolerance: 0 };
const quick = { ...sequence.defaults, members: 1, epochs: 6 };
holdsTheLaws("sequence of three days", sequence, { params: { ...quick, days: 3 }, ...laws });
holdsTheLaws("sequence, balanced", sequence, { params: { ...quick, days: 2, classWeight: "balanced" }, ...laws });
holdsTheLaws("sequence of some columns", sequence, { params: { ...quick, days: 2, columns: [5, 0, 2, 1] }, ...laws });

const DAYS = 14;

/** A mark on some day and an answer three days later, of the same sign or the other: that alone says who churns. No column does. */
function bursts(rows: number, seed: string): { x: Matrix; y: Uint8Array } {
  const rng = seededRng(seed);
  const x = matrix(rows, 2 * DAYS);
  const y = new Uint8Array(rows);
  for (let i = 0; i < rows; i++) {
    const first = rng.below(DAYS - 4);
    const agrees = rng.uniform() < 0.5;
    y[i] = rng.uniform() < (agrees ? 0.85 : 0.15) ? 1 : 0;
    for (let t = 0; t < DAYS; t++) {
      const mark = t === first ? 1 : 0;
      const answer = t === first + 3 ? (agrees ? 1 : -1) : 0;
      const sign = i % 2 === 0 ? 1 : -1;
      x.data[i * x.cols + 2 * t] = sign * (mark + answer) + 0.1 * rng.normal();
      x.data[i * x.cols + 2 * t + 1] = rng.normal();
    }
  }
  return { x, y };
}

describe("sequence", () => {
  it("learns what the order of days says and no column does", () => {
    const [train, test] = [bursts(900, "train"), bursts(400, "test")];
    const params = { ...sequence.defaults, days: DAYS, members: 1, epochs: 60, patience: 15 };
    const state = fitSequence({ ...train, weights: null, user: null }, params, 1);
    const straight = fitLogistic(train.x, train.y, null, { penalty: "l2", C: 0.1, classWeight: null, selectK: null });
    expect(rocAuc({ y: test.y, p: logisticMargin(straight, test.x) })).toBeLessThan(0.6);
    expect(rocAuc({ y: test.y, p: sequenceMargin(state, test.x) })).toBeGreaterThan(0.75);
  });

  it("holds out whole users: rows of theirs do not say when to stop for themselves", () => {
    const rng = seededRng("users");
    const users = 60;
    const x = matrix(users * 8, 4);
    for (let i = 0; i < x.data.length; i++) x.data[i] = rng.normal();
    const user = Int32Array.from({ length: x.rows }, (_, row) => row % users);
    // Each user's rows repeat the user's own noise: it tells the user, and nothing about others.
    for (let row = users; row < x.rows; row++) x.data.copyWithin(row * 4, (row % users) * 4, (row % users) * 4 + 4);
    x.data.forEach((value, at) => {
      x.data[at] = value + 1e-6 * at;
    });
    const y = Uint8Array.from(user, (id) => (id % 3 === 0 ? 1 : 0));
    const params = { ...sequence.defaults, days: 1, epochs: 60, members: 5 };
    const epochsOf = (of: Int32Array | null) =>
      fitSequence({ x, y, weights: null, user: of }, params, 1).members.reduce((sum, { epochs }) => sum + epochs, 0);
    expect(epochsOf(user)).toBeLessThan(epochsOf(null) / 2);
  });

  it("gives probabilities at the level of the labels, balanced or not", () => {
    const rng = seededRng("rare");
    const x = matrix(2_000, 2);
    const y = new Uint8Array(x.rows);
    for (let i = 0; i < x.rows; i++) {
      const signal = rng.normal();
      x.data.set([signal, rng.normal()], 2 * i);
      y[i] = rng.uniform() < 1 / (1 + Math.exp(3 - signal)) ? 1 : 0;
    }
    const share = y.reduce((sum, label) => sum + label, 0) / y.length;
    for (const classWeight of [null, "balanced"] as const) {
      const params = { ...sequence.defaults, classWeight, members: 2, days: 1 };
      const p = sequence.predict(fitSequence({ x, y, weights: null, user: null }, params, 2), x);
      const mean = p.reduce((sum, value) => sum + value, 0) / p.length;
      expect(mean / share).toBeGreaterThan(0.7);
      expect(mean / share).toBeLessThan(1.4);
    }
  });

  it("knows the same of a user whose first days are missing as of one with nothing before", () => {
    const { x, y } = bursts(200, "short");
    for (let i = 0; i < 100; i++) x.data.fill(Number.NaN, i * x.cols, i * x.cols + 12);
    const state = fitSequence({ x, y, weights: null, user: null }, { ...quick, days: DAYS }, 1);
    const p = sequence.predict(state, x);
    expect(p.every((value) => value > 0 && value < 1)).toBe(true);
    expect(new Set(p.slice(0, 100)).size).toBe(100);
  });

  it("differs with the seed alone where nothing else does", () => {
    const { x, y } = bursts(120, "seed");
    const withSeed = (seed: number) => fitSequence({ x, y, weights: null, user: null }, { ...quick, days: DAYS }, seed);
    expect(withSeed(1)).toEqual(withSeed(1));
    expect(withSeed(1)).not.toEqual(withSeed(2));
  });
});
