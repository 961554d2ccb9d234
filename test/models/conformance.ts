import { describe, expect, it } from "vitest";
import { RefrainError } from "../../src/base/errors.js";
import { type Matrix, matrix, takeRows } from "../../src/base/matrix.js";
import { seededRng } from "../../src/base/rng.js";
import { asInstant } from "../../src/base/time.js";
import type { World } from "../../src/base/world.js";
import type { Estimator } from "../../src/models/estimator.js";

const world: World = {
  now: () => asInstant(0),
  seed: 7,
  threads: 1,
  log: { debug() {}, info() {}, warn() {} },
  signal: { aborted: false },
};

/** 160 rows: a telling column, noise, a skewed one, a constant, a copy of the first, and one with gaps. */
function sample(): { x: Matrix; y: Uint8Array } {
  const rng = seededRng("conformance");
  const rows = 160;
  const x = matrix(rows, 6);
  const y = new Uint8Array(rows);
  for (let i = 0; i < rows; i++) {
    const signal = rng.normal();
    y[i] = rng.uniform() < 1 / (1 + Math.exp(1 - 1.5 * signal)) ? 1 : 0;
    const gap = rng.uniform() < 0.3 ? Number.NaN : rng.normal() + signal;
    x.data.set([signal, rng.normal(), Math.exp(2 * rng.normal()), 0.1, signal, gap], i * x.cols);
  }
  return { x, y };
}

interface Laws<P> {
  readonly params: P;
  /** How far predictions may lie apart when weights replace repeated rows: rounding for convex fits. */
  readonly weightTolerance: number;
}

/** The laws that every estimator keeps; `test/models/conformance.test.ts` lists who is held to them. */
export function holdsTheLaws<P, S>(title: string, estimator: Estimator<P, S>, laws: Laws<P>): void {
  const { params, weightTolerance } = laws;
  const { x, y } = sample();
  const train = (rows = x, labels = y, weights: Float64Array | null = null) =>
    estimator.fit(rows, labels, weights, params, world);

  describe(title, () => {
    it("is deterministic", () => {
      expect(JSON.stringify(train())).toBe(JSON.stringify(train()));
    });

    it("predicts probabilities in [0, 1], also for missing, huge and constant values", () => {
      const odd = matrix(
        3,
        6,
        Float64Array.from([...Array(6).fill(Number.NaN), ...Array(6).fill(1e12), ...Array(6).fill(-1e12)]),
      );
      for (const p of [...estimator.predict(train(), x), ...estimator.predict(train(), odd)]) {
        expect(p).toBeGreaterThanOrEqual(0);
        expect(p).toBeLessThanOrEqual(1);
      }
    });

    it("tells churned from kept with its defaults", () => {
      const p = estimator.predict(estimator.fit(x, y, null, estimator.defaults, world), x);
      const meanOf = (label: number) =>
        p.filter((_, i) => y[i] === label).reduce((sum, v, _, all) => sum + v / all.length, 0);
      expect(meanOf(1)).toBeGreaterThan(meanOf(0) + 0.1);
    });

    it("keeps row order", () => {
      const order = Array.from({ length: x.rows }, (_, i) => (i * 37) % x.rows);
      const state = train();
      const whole = estimator.predict(state, x);
      expect(Array.from(estimator.predict(state, takeRows(x, order)))).toEqual(order.map((i) => whole[i]));
    });

    it("survives JSON unchanged", () => {
      const state = train();
      const copy = JSON.parse(JSON.stringify(state)) as S;
      expect(copy).toEqual(state);
      expect(estimator.predict(copy, x)).toEqual(estimator.predict(state, x));
    });

    it.each([0, 1])("refuses rows that are all %i", (label) => {
      const labels = new Uint8Array(x.rows).fill(label);
      expect(() => train(x, labels)).toThrow(expect.objectContaining({ code: "SINGLE_CLASS" }) as RefrainError);
      const weights = Float64Array.from(y, (value) => (value === label ? 1 : 0));
      expect(() => train(x, y, weights)).toThrow(RefrainError);
    });

    const { stages } = estimator;
    // A law of those that have stages: of others there is nothing to skip.
    if (stages?.holdsFor(params) === true) {
      it("holds the fits of smaller sizes in one", () => {
        const smaller = { ...params, [stages.size]: 7 };
        const state = stages.upTo(train(), 7);
        expect(estimator.predict(state, x)).toEqual(estimator.predict(estimator.fit(x, y, null, smaller, world), x));
      });
    }

    it("takes weights as repetition", () => {
      const times = Array.from({ length: x.rows }, (_, i) => (i * 7) % 4);
      const rows = times.flatMap((n, i) => Array<number>(n).fill(i));
      const repeated = train(
        takeRows(x, rows),
        Uint8Array.from(rows, (i) => y[i] ?? 0),
      );
      const weighted = train(x, y, Float64Array.from(times));
      const ours = estimator.predict(weighted, x);
      const theirs = estimator.predict(repeated, x);
      const apart = Math.max(...ours.map((p, i) => Math.abs(p - (theirs[i] ?? Number.NaN))));
      expect(apart).toBeLessThanOrEqual(weightTolerance);
    });
  });
}
