import { expect, test } from "vitest";
import { type ModelFile, riskLevelsOf, withRiskLevels } from "../../src/registry/model-file.js";

test("risk levels are those of the model, or the reference system's", () => {
  const model = { version: "v1", riskLevels: riskLevelsOf(0.05) } as ModelFile;
  expect(withRiskLevels(model, "relative")).toBe(model);
  expect(model.riskLevels.medium).toBeCloseTo(0.075, 12);
  expect(withRiskLevels(model, "reference")).toEqual({ version: "v1", riskLevels: { medium: 0.3, high: 0.7 } });
  expect(model.riskLevels.high).toBeCloseTo(0.2, 12);
});
