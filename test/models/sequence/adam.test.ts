import { expect, it } from "vitest";
import { adam, clipGradient } from "../../../src/models/sequence/adam.js";

it("takes the steps of Kingma and Ba's algorithm 1, less the decay", () => {
  const theta = Float64Array.from([1, -2]);
  const settings = { learningRate: 0.1, decay: 0.5, decays: (i: number) => i === 0 };
  const step = adam(theta, settings);
  const plain = [1, -2].map((value, i) => ({ value, m: 0, v: 0, decay: i === 0 ? 0.5 : 0 }));
  for (let t = 1; t <= 20; t++) {
    const gradient = [Math.sin(t), t / 3];
    step(Float64Array.from(gradient));
    plain.forEach((one, i) => {
      const g = gradient[i] ?? 0;
      one.m = 0.9 * one.m + 0.1 * g;
      one.v = 0.999 * one.v + 0.001 * g * g;
      const m = one.m / (1 - 0.9 ** t);
      const v = one.v / (1 - 0.999 ** t);
      one.value = one.value * (1 - 0.1 * one.decay) - (0.1 * m) / (Math.sqrt(v) + 1e-8);
      expect(theta[i]).toBeCloseTo(one.value, 10);
    });
  }
});

it("shortens a long gradient and leaves a short one", () => {
  const long = Float64Array.from([3, 4]);
  clipGradient(long, 1);
  expect(Array.from(long)).toEqual([0.6000000000000001, 0.8]);
  const short = Float64Array.from([0.3, 0.4]);
  clipGradient(short, 1);
  expect(Array.from(short)).toEqual([0.3, 0.4]);
});
