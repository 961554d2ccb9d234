import { describe, expect, it } from "vitest";
import { kaplanMeier } from "../../../src/base/math/kaplan-meier.js";
import { matrix } from "../../../src/base/matrix.js";
import { seededRng } from "../../../src/base/rng.js";
import {
  expectedDaysLeft,
  fitHazard,
  hazardRisk,
  survivalAt,
  survivalCurves,
} from "../../../src/models/survival/hazard.js";

const GRID = { intervalDays: 5, intervals: 6 };

/** Rows whose constant daily hazard is 0.03 · exp(signal), seen for 10 to 40 days. */
function cohort(rows: number, seed: string) {
  const rng = seededRng(seed);
  const x = matrix(rows, 2);
  const days = new Float64Array(rows);
  const event = new Uint8Array(rows);
  const watchedDays = new Float64Array(rows);
  const hazard = new Float64Array(rows);
  for (let i = 0; i < rows; i++) {
    x.data.set([rng.normal(), rng.normal()], 2 * i);
    hazard[i] = 0.03 * Math.exp(x.data[2 * i] ?? 0);
    const leaves = rng.exponential(1 / (hazard[i] ?? 1));
    const lost = 10 + 30 * rng.uniform();
    days[i] = Math.min(leaves, lost);
    event[i] = leaves <= lost ? 1 : 0;
    watchedDays[i] = lost;
  }
  return { x, hazard, followUp: { days, event, watchedDays } };
}

describe("discrete-time hazard", () => {
  const { x, hazard, followUp } = cohort(6_000, "cohort");
  const state = fitHazard(x, followUp, { ...GRID, columns: [0, 1], C: 10 });
  const curves = survivalCurves(state, x);

  it("finds the survival that the rows were drawn from", () => {
    for (const t of [5, 12.5, 30]) {
      const predicted = survivalAt(curves, t, GRID.intervalDays);
      // The logit of an interval's hazard is no line in the log of a daily one: a few hundredths are left.
      const apart = predicted.map((s, i) => s - Math.exp(-(hazard[i] ?? 0) * t));
      expect(apart.reduce((sum, value) => sum + Math.abs(value), 0) / apart.length).toBeLessThan(0.03);
      expect(Math.abs(apart.reduce((sum, value) => sum + value, 0) / apart.length)).toBeLessThan(0.01);
    }
  });

  it("gives as days left the mean of the time to the event, cut at the cap", () => {
    const cap = GRID.intervalDays * GRID.intervals;
    const days = expectedDaysLeft(curves, GRID.intervalDays);
    const truth = hazard.map((h) => (1 - Math.exp(-h * cap)) / h);
    const apart = days.map((value, i) => value - (truth[i] ?? 0));
    expect(Math.abs(apart.reduce((sum, value) => sum + value, 0) / apart.length)).toBeLessThan(0.3);
    expect(days.every((value) => value > 0 && value < cap)).toBe(true);
  });

  it("ranks the same by its log-odds as by days left, turned round", () => {
    const risk = hazardRisk(state, x);
    const days = expectedDaysLeft(curves, GRID.intervalDays);
    const byRisk = Array.from(risk.keys()).sort((a, b) => (risk[a] ?? 0) - (risk[b] ?? 0));
    for (let i = 1; i < byRisk.length; i++) {
      expect(days[byRisk[i] ?? 0]).toBeLessThanOrEqual((days[byRisk[i - 1] ?? 0] ?? 0) + 1e-12);
    }
  });

  it("is Kaplan and Meier's estimate where it knows no feature and every interval is watched to its end", () => {
    const toEnd = (of: Float64Array) => of.map((day) => Math.ceil(day / 5) * 5);
    const whole = { ...followUp, days: toEnd(followUp.days), watchedDays: toEnd(followUp.watchedDays) };
    const plain = fitHazard(x, whole, { ...GRID, columns: [], C: 1e6 });
    const [own] = Array.from({ length: 1 }, () => survivalCurves(plain, x).data.subarray(0, GRID.intervals));
    const { time, survival } = kaplanMeier(whole.days, followUp.event);
    expect(time.slice(0, 6)).toEqual([5, 10, 15, 20, 25, 30]);
    own?.forEach((value, k) => {
      expect(value).toBeCloseTo(survival[k] ?? Number.NaN, 4);
    });
  });

  it("gives an interval that nobody was followed through the common hazard", () => {
    const cut = (of: Float64Array) => of.map((day) => Math.min(day, 15));
    const event = followUp.event.map((happened, i) => ((followUp.days[i] ?? 0) <= 15 ? happened : 0));
    const followed = { days: cut(followUp.days), watchedDays: cut(followUp.watchedDays), event };
    const short = fitHazard(x, followed, { ...GRID, columns: [], C: 1 });
    const [first = 0, second = 0, third = 0, ...later] = survivalCurves(short, x).data.subarray(0, GRID.intervals);
    const steps = later.map((value, k) => value / [third, ...later][k]!);
    const fitted = [first, second / first, third / second];
    for (const step of steps) {
      expect(step).toBeGreaterThan(Math.min(...fitted) - 0.01);
      expect(step).toBeLessThan(Math.max(...fitted) + 0.01);
    }
  });

  it("survives JSON unchanged", () => {
    expect(survivalCurves(JSON.parse(JSON.stringify(state)), x)).toEqual(curves);
  });

  it("refuses rows of whom nobody left", () => {
    const event = new Uint8Array(x.rows);
    expect(() => fitHazard(x, { ...followUp, event }, { ...GRID, columns: [0], C: 1 })).toThrow(
      expect.objectContaining({ code: "SINGLE_CLASS" }) as Error,
    );
  });
});

it("integrates a curve that falls evenly, stands still or ends at once", () => {
  const curves = matrix(3, 2, Float64Array.from([Math.exp(-1), Math.exp(-2), 1, 1, 0, 0]));
  const [falls, stands, ends] = expectedDaysLeft(curves, 10);
  expect(falls).toBeCloseTo(10 * (1 - Math.exp(-2)), 12);
  expect(stands).toBe(20);
  expect(ends).toBe(0);
  expect(Array.from(survivalAt(curves, 15, 10))).toEqual([expect.closeTo(Math.exp(-1.5), 12), 1, 0]);
});
