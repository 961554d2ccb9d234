import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { brierAt, integrated } from "../../../src/evaluate/survival/brier.js";
import { censoringSurvival } from "../../../src/evaluate/survival/censoring.js";
import { concordanceIpcw } from "../../../src/evaluate/survival/concordance.js";

/** Sixty rows and what the Python libraries say of them: made by `survival.py`, beside it. */
const fixture = JSON.parse(readFileSync(new URL("../../fixtures/survival.json", import.meta.url), "utf8")) as {
  readonly source: string;
  readonly days: readonly number[];
  readonly event: readonly number[];
  readonly risk: readonly number[];
  readonly times: readonly number[];
  readonly concordance: Readonly<Record<string, number>>;
  readonly brier: readonly number[];
  readonly integratedBrier: number;
  readonly followed: readonly number[];
};

describe(`as ${fixture.source}`, () => {
  const followUp = { days: Float64Array.from(fixture.days), event: Uint8Array.from(fixture.event) };
  const risk = Float64Array.from(fixture.risk);
  const censoring = censoringSurvival(followUp);

  it("says how many are still followed", () => {
    fixture.times.forEach((t, k) => {
      expect(censoring.at(t)).toBeCloseTo(fixture.followed[k] ?? Number.NaN, 12);
    });
  });

  it("says Uno's concordance", () => {
    for (const [tau, expected] of Object.entries(fixture.concordance)) {
      expect(concordanceIpcw({ ...followUp, risk }, censoring, Number(tau))).toBeCloseTo(expected, 12);
    }
  });

  it("says Graf's Brier score, and its mean over time", () => {
    const scores = fixture.times.map((t) => {
      const survival = risk.map((own) => Math.exp(-0.02 * Math.exp(0.7 * own) * t));
      return brierAt(followUp, { survival, t }, censoring);
    });
    scores.forEach((score, k) => {
      expect(score).toBeCloseTo(fixture.brier[k] ?? Number.NaN, 12);
    });
    expect(integrated(scores, fixture.times)).toBeCloseTo(fixture.integratedBrier, 12);
  });
});
