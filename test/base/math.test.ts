import { describe, expect, it } from "vitest";
import { choleskyFactor, choleskySolve } from "../../src/base/math/cholesky.js";
import { fUpperTail } from "../../src/base/math/f-distribution.js";
import { incompleteBeta } from "../../src/base/math/incomplete-beta.js";
import { logBeta, logGamma } from "../../src/base/math/log-gamma.js";
import { normalQuantile } from "../../src/base/math/normal.js";
import { log1pExp, logit, sigmoid } from "../../src/base/math/sigmoid.js";
import { meanInterval, studentT, tTwoSidedTail } from "../../src/base/math/student-t.js";

const relative = (ours: number, theirs: number) => Math.abs(ours / theirs - 1);

describe("special functions", () => {
  it("log gamma meets factorials and Γ(½)", () => {
    expect(relative(logGamma(0.5), Math.log(Math.PI) / 2)).toBeLessThan(1e-14);
    let factorial = 0;
    for (let n = 1; n < 60; n++) {
      factorial += Math.log(n);
      expect(Math.abs(logGamma(n + 1) - factorial)).toBeLessThan(1e-14 * (1 + factorial));
    }
    expect(logBeta(3, 4)).toBeCloseTo(Math.log(1 / 60), 14);
    expect(relative(logBeta(0.5, 1e6), logGamma(0.5) - 0.5 * Math.log(1e6) + 0.125e-6)).toBeLessThan(1e-13);
  });

  it("incomplete beta meets its closed forms", () => {
    for (const x of [1e-9, 0.1, 0.5, 0.93]) {
      expect(relative(incompleteBeta(3, 1, x), x ** 3)).toBeLessThan(1e-12);
      expect(relative(incompleteBeta(1, 5, x), -Math.expm1(5 * Math.log1p(-x)))).toBeLessThan(1e-12);
      expect(relative(incompleteBeta(0.5, 0.5, x), (2 / Math.PI) * Math.asin(Math.sqrt(x)))).toBeLessThan(1e-12);
    }
  });

  it("F and t tails meet their closed forms", () => {
    // F(2, d): (1 + 2 f / d)^(−d / 2); t with 1 degree of freedom is Cauchy; F(1, d) is t².
    expect(relative(fUpperTail(7, 2, 30), (1 + 14 / 30) ** -15)).toBeLessThan(1e-12);
    expect(relative(tTwoSidedTail(5, 1), 1 - (2 / Math.PI) * Math.atan(5))).toBeLessThan(1e-12);
    expect(relative(fUpperTail(9, 1, 446), tTwoSidedTail(3, 446))).toBeLessThan(1e-12);
    expect(fUpperTail(Number.NaN, 1, 4)).toBeNaN();
  });

  it("Student's t quantile gives the tabled values and inverts the tail", () => {
    expect(studentT(19, 0.999)).toBeCloseTo(3.883406, 6);
    expect(studentT(9, 0.95)).toBeCloseTo(2.262157, 6);
    expect(relative(tTwoSidedTail(studentT(4, 0.99), 4), 0.01)).toBeLessThan(1e-12);
    expect(meanInterval([1, 2, 3, 4], 0.95)).toMatchObject({ mean: 2.5 });
    expect(meanInterval([1, 2, 3, 4], 0.95).halfWidth).toBeCloseTo(3.182446 * Math.sqrt(5 / 3 / 4), 5);
  });

  it("normal quantile gives the tabled values in all three of its regions", () => {
    expect(normalQuantile(0.5)).toBe(0);
    expect(normalQuantile(0.8)).toBeCloseTo(0.8416212335729143, 14);
    expect(normalQuantile(0.975)).toBeCloseTo(1.959963984540054, 14);
    expect(normalQuantile(1e-20)).toBeCloseTo(-9.262340089798409, 12);
    expect(normalQuantile(0)).toBe(Number.NEGATIVE_INFINITY);
  });

  it("sigmoid, logit and log1pExp do not overflow", () => {
    expect(sigmoid(-800)).toBe(0);
    expect(sigmoid(800)).toBe(1);
    expect(log1pExp(800)).toBe(800);
    expect(logit(sigmoid(3))).toBeCloseTo(3, 12);
    expect(Number.isFinite(logit(0)) && Number.isFinite(logit(1))).toBe(true);
  });
});

describe("linear algebra", () => {
  it("Cholesky solves, and refuses what is not positive definite", () => {
    const factor = choleskyFactor(Float64Array.from([4, 2, 0, 2, 5, 3, 0, 3, 6]), 3);
    expect(factor).not.toBeNull();
    const x = choleskySolve(factor ?? new Float64Array(9), 3, Float64Array.from([8, 21, 24]));
    Array.from(x).forEach((value, i) => {
      expect(value).toBeCloseTo(i + 1, 12);
    });
    expect(choleskyFactor(Float64Array.from([1, 2, 2, 1]), 2)).toBeNull();
  });
});
