import { expect, test } from "vitest";
import { featureDensities } from "../../src/evaluate/feature-densities.js";

const data = (values: readonly number[], y: readonly number[]) => ({
  features: ["f", "same"],
  users: ["u"],
  x: { rows: y.length, cols: 2, data: Float64Array.from(values.flatMap((value) => [value, 1])) },
  y: Uint8Array.from(y),
  user: new Int32Array(y.length),
  cutoffMs: new Float64Array(y.length),
  inGap: 0,
});

test("shares of each label by bin; what lies beyond is in the outermost bins, what is missing is counted apart", () => {
  const values = [...Array.from({ length: 200 }, (_, i) => i % 100), -1e9, 1e9, Number.NaN];
  const labels = values.map((_, i) => (i < 100 || i === 201 ? 1 : 0));
  const [density] = featureDensities(data(values, labels), ["f", "same", "absent"]);
  expect(featureDensities(data(values, labels), ["same", "absent"])).toEqual([]);
  if (density === undefined) throw new Error("f has a density");
  const { edges, kept, churned, rows, missing } = density;
  expect(edges).toHaveLength(21);
  expect(edges[0]).toBeGreaterThanOrEqual(0);
  expect(edges.at(-1)).toBeLessThanOrEqual(99);
  expect(rows).toEqual({ kept: 101, churned: 101 });
  expect(missing).toEqual({ kept: 1, churned: 0 });
  for (const shares of [kept, churned]) expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
  // −10⁹ is among those who stay, 10⁹ among those who cancel.
  expect((kept[0] ?? 0) * 101).toBeCloseTo((churned[0] ?? 0) * 101 + 1, 9);
  expect((churned.at(-1) ?? 0) * 101).toBeCloseTo((kept.at(-1) ?? 0) * 101 + 1, 9);
});
