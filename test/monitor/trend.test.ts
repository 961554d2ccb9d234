import { describe, expect, test } from "vitest";
import { TREND_WINDOWS, trendOf } from "../../src/monitor/concept/trend.js";

describe("the trend of the last ten windows", () => {
  test("is least squares with Student's interval, as scipy.stats.linregress has it", () => {
    const { slope, low, high, verdict } = trendOf([0.8, 0.79, 0.81, 0.77, 0.76, 0.74, 0.75, 0.71, 0.7, 0.69]);
    // linregress: slope −0.0133333, stderr 0.00139986; t(8) 2.306.
    expect(slope).toBeCloseTo(-0.0133333, 6);
    expect(low).toBeCloseTo(-0.0133333 - 2.306004 * 0.00139986, 5);
    expect(high).toBeCloseTo(-0.0133333 + 2.306004 * 0.00139986, 5);
    expect(verdict).toBe("falling");
  });

  test("gives no verdict on few windows, and forgets those before the last ten", () => {
    expect(trendOf([0.8, null, 0.7, null, 0.6, 0.5])).toMatchObject({
      windows: 4,
      slope: null,
      verdict: "too few to tell",
    });
    const late = [0.7, 0.71, 0.7, 0.69, 0.7, 0.71, 0.7, 0.7, 0.69, 0.71];
    expect(trendOf([0.1, 0.2, ...late])).toEqual(trendOf(late));
    expect(trendOf(late)).toMatchObject({ windows: TREND_WINDOWS, verdict: "steady" });
    expect(trendOf([0.1, 0.2, 0.3, 0.42, 0.5])).toMatchObject({ verdict: "rising" });
    expect(trendOf([])).toMatchObject({ windows: 0, verdict: "too few to tell" });
  });
});
