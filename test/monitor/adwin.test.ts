import { describe, expect, test } from "vitest";
import { seededRng } from "../../src/base/rng.js";
import { Adwin } from "../../src/monitor/concept/adwin.js";
import { excessLoss } from "../../src/monitor/concept/excess-loss.js";

describe("ADWIN", () => {
  test("keeps a window whose mean and width are those of the values since the cut", () => {
    const rng = seededRng("adwin");
    const adwin = new Adwin();
    const values: number[] = [];
    for (let i = 0; i < 3_000; i++) {
      const value = rng.uniform() < (i < 1_500 ? 0.2 : 0.5) ? 1 : 0;
      values.push(value);
      adwin.add(value);
      const own = values.slice(-adwin.width);
      if (i % 500 === 499) expect(adwin.mean).toBeCloseTo(own.reduce((a, b) => a + b, 0) / own.length, 9);
    }
    // The old half is gone.
    expect(adwin.width).toBeGreaterThan(1_300);
    expect(adwin.width).toBeLessThan(1_700);
  });

  test("cuts a steady world rarely, and a change of a standard deviation soon", () => {
    let alarms = 0;
    let delay = 0;
    const worlds = 60;
    for (let seed = 0; seed < worlds; seed++) {
      const rng = seededRng(seed).fork("adwin");
      const adwin = new Adwin();
      for (let i = 0; i < 2_000; i++) if (adwin.add(Math.min(1, Math.max(0, 0.5 + 0.1 * rng.normal())))) alarms++;
      let waited = 0;
      while (waited < 1_000 && !adwin.add(Math.min(1, Math.max(0, 0.6 + 0.1 * rng.normal())))) waited++;
      delay += waited / worlds;
    }
    expect(alarms).toBeLessThanOrEqual(2);
    expect(delay).toBeLessThan(200);
  });
});

describe("the excess loss", () => {
  test("has the mean one half where scores are the truth, whoever is scored, and more where they are not", () => {
    const rng = seededRng("excess");
    const meanOf = (draw: () => [p: number, truth: number]): number => {
      let sum = 0;
      for (let i = 0; i < 40_000; i++) {
        const [p, truth] = draw();
        sum += excessLoss(p, rng.uniform() < truth ? 1 : 0) / 40_000;
      }
      return sum;
    };
    expect(meanOf(() => [0.05, 0.05])).toBeCloseTo(0.5, 2);
    const spread = () => 0.02 + 0.3 * rng.uniform();
    expect(
      meanOf(() => {
        const p = spread();
        return [p, p];
      }),
    ).toBeCloseTo(0.5, 2);
    expect(meanOf(() => [spread(), spread()])).toBeGreaterThan(0.505);
    for (const p of [0, 1e-9, 0.5, 1])
      for (const y of [0, 1]) {
        expect(excessLoss(p, y)).toBeGreaterThanOrEqual(0);
        expect(excessLoss(p, y)).toBeLessThanOrEqual(1);
      }
  });
});
