import { describe, expect, test } from "vitest";
import { sigmoid } from "../../src/base/math/sigmoid.js";
import { type Rng, seededRng } from "../../src/base/rng.js";
import { MS_PER_DAY } from "../../src/base/time.js";
import { measure } from "../../src/evaluate/metrics.js";
import { observedOverExpected } from "../../src/monitor/concept/observed-over-expected.js";
import { believed, type CalibrationPrior } from "../../src/monitor/estimate/calibration-belief.js";
import { maturedCalibration } from "../../src/monitor/estimate/calibration-line.js";
import { expectedQuality, type WaitingRows } from "../../src/monitor/estimate/expected-quality.js";
import { trustOf } from "../../src/monitor/estimate/trust.js";
import { churnForecast } from "../../src/monitor/kpis/churn-forecast.js";

const GAP_MS = MS_PER_DAY;
const HORIZON_MS = 10 * MS_PER_DAY;
const DAYS = 10;
const EXACT = { intercept: 0.01, slope: 0.01 } as const;

/** Users who leave at a constant rate each, photographed on ten days while they are there. */
function panel(users: number, rng: Rng, truth: (p: number) => number = (p) => p) {
  const rows = { users: [] as string[], cutoffMs: [] as number[], p: [] as number[], leftMs: [] as number[] };
  for (let u = 0; u < users; u++) {
    const p = sigmoid(-2.5 + 1.2 * rng.normal());
    const leftMs = rng.exponential(HORIZON_MS / -Math.log1p(-truth(p)));
    for (let day = 0; day < DAYS; day++) {
      const cutoffMs = (day + 0.5) * MS_PER_DAY;
      if (leftMs <= cutoffMs) break;
      rows.users.push(`u${u}`);
      rows.cutoffMs.push(cutoffMs);
      rows.p.push(p);
      rows.leftMs.push(leftMs);
    }
  }
  const outcomeAt = (row: number, nowMs: number): number => {
    const [left = 0, at = 0] = [rows.leftMs[row], rows.cutoffMs[row]];
    if (left <= nowMs) return left <= at + GAP_MS ? -1 : Number(left <= at + GAP_MS + HORIZON_MS);
    return at + GAP_MS + HORIZON_MS <= nowMs ? 0 : -2;
  };
  const waiting = (nowMs: number): WaitingRows => ({
    users: rows.users,
    cutoffMs: Float64Array.from(rows.cutoffMs),
    p: Float64Array.from(rows.p),
    flagged: Uint8Array.from(rows.p, (p) => +(p > 0.15)),
    outcome: Int8Array.from(rows.p, (_, row) => outcomeAt(row, nowMs)),
  });
  return waiting;
}

function maturedOf({ users, cutoffMs, p, flagged, outcome }: WaitingRows) {
  const at = [...outcome.keys()].filter((row) => (outcome[row] ?? -2) >= 0);
  return {
    users: at.map((row) => users[row] ?? ""),
    cutoffMs: Float64Array.from(at, (row) => cutoffMs[row] ?? 0),
    p: Float64Array.from(at, (row) => p[row] ?? 0),
    flagged: Uint8Array.from(at, (row) => flagged[row] ?? 0),
    y: Uint8Array.from(at, (row) => outcome[row] ?? 0),
  };
}

const shapeAt = (knownToMs: number, prior: CalibrationPrior = EXACT) => ({
  gapMs: GAP_MS,
  horizonMs: HORIZON_MS,
  knownToMs,
  belief: believed(prior, null),
});

describe("estimated quality", () => {
  test("its band covers what comes as often as it says, early and late, and its middle is right on average", () => {
    for (const nowMs of [0.5 * MS_PER_DAY, DAYS * MS_PER_DAY]) {
      let [inside, worlds, off] = [0, 0, 0];
      for (let seed = 0; seed < 40; seed++) {
        const rng = seededRng(seed).fork("estimate");
        const waiting = panel(150, rng);
        // Early, only the first day has been seen.
        const now = waiting(nowMs);
        const early = [...now.p.keys()].filter((row) => nowMs > MS_PER_DAY || (now.cutoffMs[row] ?? 0) <= nowMs);
        const taken: WaitingRows = {
          users: early.map((row) => now.users[row] ?? ""),
          cutoffMs: Float64Array.from(early, (row) => now.cutoffMs[row] ?? 0),
          p: Float64Array.from(early, (row) => now.p[row] ?? 0),
          flagged: Uint8Array.from(early, (row) => now.flagged[row] ?? 0),
          outcome: Int8Array.from(early, (row) => now.outcome[row] ?? 0),
        };
        const { auc } = expectedQuality(taken, shapeAt(nowMs), rng.fork("draws")).figures;
        const all = waiting(Number.POSITIVE_INFINITY);
        const truth = measure(
          "rocAuc",
          maturedOf({ ...taken, outcome: Int8Array.from(early, (row) => all.outcome[row] ?? 0) }),
        );
        if (auc === null || Number.isNaN(truth)) continue;
        worlds++;
        off += auc.value - truth;
        if (truth >= auc.low && truth <= auc.high) inside++;
      }
      expect(worlds).toBeGreaterThan(35);
      expect(inside / worlds).toBeGreaterThanOrEqual(0.87);
      expect(Math.abs(off / worlds)).toBeLessThan(0.03);
    }
  });

  test("a wider belief is a wider band, what is known is not drawn, and nothing is made up of one class", () => {
    const rng = seededRng("wide");
    const waiting = panel(120, rng);
    const now = waiting(2 * MS_PER_DAY);
    const width = (prior: CalibrationPrior) => {
      const { auc } = expectedQuality(now, shapeAt(2 * MS_PER_DAY, prior), seededRng("same")).figures;
      return (auc?.high ?? 0) - (auc?.low ?? 0);
    };
    expect(width({ intercept: 0.5, slope: 0.8 })).toBeGreaterThan(1.1 * width(EXACT));
    const all = waiting(Number.POSITIVE_INFINITY);
    const told = expectedQuality(all, shapeAt(0), rng);
    expect([told.open, told.figures.auc?.low]).toEqual([0, told.figures.auc?.high]);
    expect(told.figures.auc?.value).toBeCloseTo(measure("rocAuc", maturedOf(all)), 12);
    expect(told.figures.ap?.value).toBeCloseTo(measure("averagePrecision", maturedOf(all)), 12);
    const nobody = { ...all, outcome: all.outcome.map(() => 0) };
    expect(expectedQuality(nobody, shapeAt(0), rng).figures).toMatchObject({ auc: null, lift: null });
    const none = { users: [], cutoffMs: new Float64Array(), p: new Float64Array(), flagged: new Uint8Array() };
    expect(expectedQuality({ ...none, outcome: new Int8Array() }, shapeAt(0), rng)).toMatchObject({
      rows: 0,
      figures: { auc: null },
    });
  });

  test("the forecast of how many churn covers them too", () => {
    let inside = 0;
    for (let seed = 0; seed < 60; seed++) {
      const rng = seededRng(seed).fork("forecast");
      const p = Float64Array.from({ length: 200 }, () => sigmoid(-2.5 + rng.normal()));
      const came = p.reduce((sum, one) => sum + Number(rng.uniform() < one), 0);
      const forecast = churnForecast({ p, atRisk: 200, belief: believed(EXACT, null) }, rng);
      if (forecast !== null && came >= forecast.low && came <= forecast.high) inside++;
    }
    expect(inside).toBeGreaterThanOrEqual(53);
    expect(churnForecast({ p: new Float64Array(), atRisk: 9, belief: believed(EXACT, null) }, seededRng(1))).toBeNull();
  });
});

describe("whether an estimate can be trusted", () => {
  const evidenceOf = (truth: (p: number) => number) => {
    const rows = maturedOf(panel(600, seededRng("trust"), truth)(Number.POSITIVE_INFINITY));
    return {
      calibration: maturedCalibration(rows),
      observedOverExpected: observedOverExpected(rows),
      changedAtMs: null,
    };
  };
  const held = { fromMs: 0, low: 0.6, high: 0.8, truth: 0.7 };

  test("it can while matured rows say what scores say", () => {
    const evidence = evidenceOf((p) => p);
    expect(evidence.calibration?.mean.slope).toBeCloseTo(1, 0);
    expect(trustOf([held, held, { ...held, truth: 0.9 }], evidence)).toEqual({ trusted: true, reasons: [] });
    expect(trustOf([], { calibration: null, observedOverExpected: null, changedAtMs: null }).trusted).toBe(true);
  });

  test("it cannot once they say otherwise, or the truth left the band, and why is said", () => {
    expect(
      trustOf(
        [],
        evidenceOf(() => 0.1),
      ).reasons,
    ).toEqual([expect.stringContaining("calibration broke")]);
    expect(
      trustOf(
        [],
        evidenceOf((p) => Math.min(0.9, 3 * p)),
      ).reasons,
    ).toContain("calibration broke: users leave more often than the scores say");
    expect(
      trustOf(
        [],
        evidenceOf((p) => p / 4),
      ).reasons,
    ).toContain("calibration broke: users leave less often than the scores say");
    const out = { ...held, truth: 0.5 };
    expect(
      trustOf(
        [held, out, out],
        evidenceOf((p) => p),
      ).reasons,
    ).toEqual(["the truth lay outside the band in 2 of the last 3 windows"]);
    expect(trustOf([], { ...evidenceOf((p) => p), changedAtMs: 5 }).trusted).toBe(false);
  });

  test("the sandwich knows that a user's rows go together", () => {
    const rows = maturedOf(panel(400, seededRng("twice"))(Number.POSITIVE_INFINITY));
    const alone = maturedCalibration(rows);
    const twice = <T>(list: readonly T[]): T[] => [...list, ...list];
    const doubled = {
      users: twice(rows.users),
      cutoffMs: Float64Array.from(twice([...rows.cutoffMs])),
      p: Float64Array.from(twice([...rows.p])),
      flagged: Uint8Array.from(twice([...rows.flagged])),
      y: Uint8Array.from(twice([...rows.y])),
    };
    const again = maturedCalibration(doubled);
    expect(again?.mean.slope).toBeCloseTo(alone?.mean.slope ?? 0, 9);
    expect(again?.covariance[2]).toBeCloseTo(alone?.covariance[2] ?? 0, 9);
  });
});
