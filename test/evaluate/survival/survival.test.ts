import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { matrix } from "../../../src/base/matrix.js";
import { seededRng } from "../../../src/base/rng.js";
import { brierAt, integrated } from "../../../src/evaluate/survival/brier.js";
import { censoringSurvival } from "../../../src/evaluate/survival/censoring.js";
import { concordanceIpcw } from "../../../src/evaluate/survival/concordance.js";
import { scoreSurvival } from "../../../src/evaluate/survival/score.js";
import { bruteCensoring, followUps } from "./brute.js";

describe("censoring survival", () => {
  it("is the product over those who were lost", () => {
    fc.assert(
      fc.property(followUps, fc.integer({ min: 0, max: 14 }), (rows, t) => {
        const censoring = censoringSurvival(rows);
        expect(censoring.at(t)).toBeCloseTo(bruteCensoring(rows, t, { strictly: false }), 12);
        expect(censoring.before(t)).toBeCloseTo(bruteCensoring(rows, t, { strictly: true }), 12);
      }),
    );
  });
});

describe("Uno's concordance", () => {
  it("is the weighted share of pairs that its definition says", () => {
    fc.assert(
      fc.property(followUps, fc.integer({ min: 2, max: 14 }), fc.boolean(), (rows, tau, weighted) => {
        const { days, event, risk } = rows;
        const weight = weighted ? rows.weight : new Float64Array(days.length).fill(1);
        let [good, all] = [0, 0];
        for (const i of days.keys()) {
          if (event[i] !== 1 || (days[i] ?? 0) >= tau) continue;
          const force = (weight[i] ?? 0) / bruteCensoring(rows, days[i] ?? 0, { strictly: true }) ** 2;
          for (const j of days.keys()) {
            const isLater = (days[j] ?? 0) > (days[i] ?? 0) || (days[j] === days[i] && event[j] === 0);
            if (!isLater) continue;
            const pair = force * (weight[j] ?? 0);
            all += pair;
            if ((risk[i] ?? 0) > (risk[j] ?? 0)) good += pair;
            if (risk[i] === risk[j]) good += pair / 2;
          }
        }
        const given = weighted ? rows : { days, event, risk };
        const found = concordanceIpcw(given, censoringSurvival(rows), tau);
        if (all === 0) expect(found).toBeNaN();
        else expect(found).toBeCloseTo(good / all, 10);
      }),
    );
  });

  it("is unchanged by what keeps the order of risks, and mirrored by what turns it round", () => {
    fc.assert(
      fc.property(followUps, (rows) => {
        const censoring = censoringSurvival(rows);
        const as = (risk: Float64Array) => concordanceIpcw({ ...rows, risk }, censoring, 13);
        const own = as(rows.risk);
        expect(as(rows.risk.map((value) => Math.exp(value) - 7))).toEqual(own);
        if (!Number.isNaN(own)) expect(as(rows.risk.map((value) => -value))).toBeCloseTo(1 - own, 10);
      }),
    );
  });

  it("stays at the truth where half the rows are lost, and the plain share does not", () => {
    const rng = seededRng("lost");
    const n = 4_000;
    const risk = Float64Array.from({ length: n }, () => rng.normal());
    const leaves = risk.map((value) => rng.exponential(Math.exp(-value)));
    const lost = risk.map(() => rng.exponential(0.7));
    const days = leaves.map((at, i) => Math.min(at, lost[i] ?? 0));
    const event = Uint8Array.from(leaves, (at, i) => (at <= (lost[i] ?? 0) ? 1 : 0));
    const everyone = new Uint8Array(n).fill(1);
    const nobodyLost = { days: leaves, event: everyone };
    const tau = 1.5;
    const truth = concordanceIpcw({ ...nobodyLost, risk }, censoringSurvival(nobodyLost), tau);
    const censored = { days, event };
    const weighed = concordanceIpcw({ ...censored, risk }, censoringSurvival(censored), tau);
    const plain = concordanceIpcw({ ...censored, risk }, { at: () => 1, before: () => 1 }, tau);
    expect(Math.abs(weighed - truth)).toBeLessThan(0.01);
    expect(Math.abs(plain - truth)).toBeGreaterThan(Math.abs(weighed - truth));
  });
});

describe("Graf's Brier score", () => {
  it("is the weighted mean that its definition says", () => {
    fc.assert(
      fc.property(followUps, fc.integer({ min: 1, max: 12 }), (rows, t) => {
        const survival = rows.risk.map((value) => 1 - value / 5);
        const parts = Array.from(rows.days, (day, i) => {
          const s = survival[i] ?? 0;
          if (day > t) return (1 - s) ** 2 / bruteCensoring(rows, t, { strictly: false });
          return rows.event[i] === 1 ? s ** 2 / bruteCensoring(rows, day, { strictly: true }) : 0;
        });
        const { days, event } = rows;
        const found = brierAt({ days, event }, { survival, t }, censoringSurvival(rows));
        expect(found).toBeCloseTo(parts.reduce((sum, part) => sum + part, 0) / parts.length, 10);
      }),
    );
  });

  it("counts a row as often as its weight says", () => {
    const rows = { days: Float64Array.from([1, 2, 3]), event: Uint8Array.from([1, 0, 0]) };
    const given = { survival: Float64Array.from([0.9, 0.5, 0.8]), t: 1.5 };
    const free = { at: () => 1, before: () => 1 };
    const found = brierAt({ ...rows, weight: Float64Array.from([2, 0, 1]) }, given, free);
    expect(found).toBeCloseTo((2 * 0.81 + 0.04) / 3, 12);
  });

  it("is averaged over time by trapezoids", () => {
    expect(integrated([0, 1, 1], [0, 2, 3])).toBeCloseTo(2 / 3, 12);
  });
});

describe("score of survival curves", () => {
  const rng = seededRng("score");
  const n = 600;
  const hazard = Float64Array.from({ length: n }, () => 0.02 * Math.exp(rng.normal()));
  const leaves = hazard.map((value) => rng.exponential(1 / value));
  const lost = hazard.map(() => 12 + 20 * rng.uniform());
  const followUp = {
    days: leaves.map((at, i) => Math.min(at, lost[i] ?? 0)),
    event: Uint8Array.from(leaves, (at, i) => (at <= (lost[i] ?? 0) ? 1 : 0)),
  };
  const curvesOf = (of: Float64Array) =>
    matrix(
      n,
      6,
      Float64Array.from({ length: 6 * n }, (_, at) => Math.exp(-(of[Math.floor(at / 6)] ?? 0) * 5 * ((at % 6) + 1))),
    );
  const shared = { followUp, user: Int32Array.from({ length: n }, (_, i) => i % 150), intervalDays: 5, intervals: 6 };
  const constant = curvesOf(new Float64Array(n).fill(0.03));

  it("finds the truth better than curves that know nothing, with intervals around it", () => {
    const score = scoreSurvival({ ...shared, curves: curvesOf(hazard), baseline: constant }, seededRng(1));
    expect(score?.concordance).toBeGreaterThan(0.65);
    expect(score?.integratedBrier).toBeLessThan(score?.integratedBrierBaseline ?? 0);
    expect(score?.intervals.concordance.low).toBeLessThan(score?.concordance ?? 0);
    expect(score?.intervals.concordance.high).toBeGreaterThan(score?.concordance ?? 1);
    // Beyond 30 days hardly a tenth was followed.
    expect(score?.tauDays).toBeLessThanOrEqual(30);
  });

  it("gives one half to curves that are all the same", () => {
    const score = scoreSurvival({ ...shared, curves: constant, baseline: constant }, seededRng(1));
    expect(score?.concordance).toBeCloseTo(0.5, 12);
    expect(score?.integratedBrier).toBe(score?.integratedBrierBaseline);
  });

  it("judges nothing where nobody was followed through an interval, or nobody left", () => {
    const days = followUp.days.map(() => 2);
    const curves = { curves: constant, baseline: constant };
    const early = { days, event: new Uint8Array(n) };
    expect(scoreSurvival({ ...shared, ...curves, followUp: early }, seededRng(1))).toBeNull();
    const stayed = { ...followUp, event: new Uint8Array(n) };
    expect(scoreSurvival({ ...shared, ...curves, followUp: stayed }, seededRng(1))).toBeNull();
  });
});
