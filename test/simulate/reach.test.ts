import { describe, expect, it } from "vitest";
import { MS_PER_DAY } from "../../src/base/time.js";
import { PACES, pacePosterior } from "../../src/simulate/pace.js";
import { lookAhead, type SessionChain } from "../../src/simulate/session-chain.js";
import { simulated } from "./world.js";

describe("looking ahead", () => {
  const oneState = (stays: number): SessionChain => ({
    size: 1,
    next: Float64Array.of(stays),
    durationMs: Float64Array.of(0),
  });

  it("survives exponentially when every session is alike", () => {
    const betaMs = 3 * MS_PER_DAY;
    const stretch = { ms: 10 * MS_PER_DAY, feltMs: 8 * MS_PER_DAY };
    const perMs = 1 / ((betaMs * 10) / 8 + 1_800_000);
    const [survival] = lookAhead(oneState(0.9), betaMs, stretch, Float64Array.of(1));
    expect(survival).toBeCloseTo(Math.exp(-0.1 * perMs * stretch.ms), 10);
  });

  it("loses nobody where nobody cancels, and composes", () => {
    const chain: SessionChain = {
      size: 2,
      next: Float64Array.of(0.6, 0.35, 0.1, 0.9),
      durationMs: Float64Array.of(1e6, 5e6),
    };
    const day = { ms: MS_PER_DAY, feltMs: MS_PER_DAY };
    const twice = { ms: 2 * MS_PER_DAY, feltMs: 2 * MS_PER_DAY };
    const ones = Float64Array.of(1, 1);
    const atOnce = lookAhead(chain, MS_PER_DAY, twice, ones);
    const inSteps = lookAhead(chain, MS_PER_DAY, day, lookAhead(chain, MS_PER_DAY, day, ones));
    expect(atOnce[0]).toBeCloseTo(inSteps[0] as number, 10);
    expect(atOnce[0]).toBeLessThan(1);
    expect(atOnce[1]).toBeCloseTo(1, 1);
    expect(lookAhead(oneState(1), MS_PER_DAY, day, Float64Array.of(1))[0]).toBeCloseTo(1, 10);
  });
});

describe("what is believed of a pace", () => {
  it("finds it after many gaps", () => {
    const betaMs = 2 * MS_PER_DAY;
    const posterior = pacePosterior(400, 400 * betaMs);
    const mean = PACES.reduce((sum, pace, i) => sum + pace.betaMs * (posterior[i] as number), 0);
    expect(mean / betaMs).toBeCloseTo(1, 1);
  });
});

describe("what can be reached", () => {
  it("is between chance and certainty, and knowing more tells more", async () => {
    const { oracleAuc, attainableAuc, baseRate, testRows } = (await simulated({ users: 300, seed: 21 })).summary;
    expect(oracleAuc).toBeGreaterThan(0.7);
    expect(oracleAuc).toBeLessThan(0.9);
    expect(attainableAuc).toBeGreaterThan(0.65);
    expect(attainableAuc).toBeLessThan((oracleAuc as number) + 0.03);
    expect(baseRate).toBeGreaterThan(0.02);
    expect(baseRate).toBeLessThan(0.07);
    expect(testRows).toBeGreaterThan(1500);
  });

  it("is nothing, not a guess, where no cutoff can be tested", async () => {
    const { oracleAuc, baseRate, testRows } = (await simulated({ users: 20, days: 12 })).summary;
    expect([oracleAuc, baseRate, testRows]).toEqual([null, null, 0]);
  });
});
