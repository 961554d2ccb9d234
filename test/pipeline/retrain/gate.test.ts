import { describe, expect, it } from "vitest";
import type { Comparison } from "../../../src/evaluate/comparison.js";
import { type GateFacts, reasonsAgainst } from "../../../src/pipeline/retrain/gate.js";

const around = (value: number, half: number) => ({ value, low: value - half, high: value + half });
const side = (ap: number) => ({
  averagePrecision: around(ap, 0.05),
  rocAuc: around(0.7, 0.05),
  liftAt10: around(2.5, 0.8),
});
const COMPARISON: Comparison = {
  rows: 4000,
  users: 400,
  positives: 120,
  candidate: side(0.2),
  champion: side(0.2),
  difference: around(0, 0.02),
  atLeast90: -0.013,
};
const GOOD: GateFacts = { comparison: COMPARISON, positives: 120, positivesMin: 100, audits: "passed", dataFlaws: [] };

describe("what speaks against a candidate", () => {
  it("nothing, where it is not worse by a tenth of the champion's average precision", () => {
    expect(reasonsAgainst(GOOD, "not-worse")).toEqual([]);
    expect(reasonsAgainst({ ...GOOD, audits: "inconclusive" }, "not-worse")).toEqual([]);
    const justWorse = { ...GOOD, comparison: { ...COMPARISON, atLeast90: -0.0201 } };
    expect(reasonsAgainst(justWorse, "not-worse")).toEqual([expect.stringContaining("0.0201")]);
  });

  it("that it was not shown to be better, where that is asked for", () => {
    expect(reasonsAgainst(GOOD, "better")).toHaveLength(1);
    expect(reasonsAgainst({ ...GOOD, comparison: { ...COMPARISON, atLeast90: 0.001 } }, "better")).toEqual([]);
  });

  it("a lift that may be that of chance, an audit, data, and too few positives, all of them at once", () => {
    const candidate = { ...COMPARISON.candidate, liftAt10: around(1.5, 0.6) };
    const bad: GateFacts = {
      comparison: { ...COMPARISON, candidate },
      positives: 99,
      positivesMin: 100,
      audits: "failed",
      dataFlaws: ["no events on 2018-10-03"],
    };
    expect(reasonsAgainst(bad, "not-worse")).toHaveLength(4);
    expect(reasonsAgainst({ ...GOOD, audits: null }, "not-worse")).toHaveLength(1);
    expect(reasonsAgainst({ ...GOOD, comparison: { ...COMPARISON, atLeast90: Number.NaN } }, "not-worse")).toHaveLength(
      1,
    );
  });

  it("nothing of a champion that this version cannot score", () => {
    expect(reasonsAgainst({ ...GOOD, comparison: null }, "not-worse")).toEqual([]);
  });
});
