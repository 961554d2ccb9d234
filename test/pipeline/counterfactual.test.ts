import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { seededRng } from "../../src/base/rng.js";
import { featureRanges } from "../../src/evaluate/feature-ranges.js";
import { fitLogistic } from "../../src/models/logistic.js";
import type { ModelState } from "../../src/models/model-state.js";
import { counterfactualOf } from "../../src/pipeline/counterfactual.js";
import { modelProbabilities } from "../../src/pipeline/model-probabilities.js";
import type { ModelFile } from "../../src/registry/model-file.js";
import { randomBoosting, randomRows } from "../models/trees/random-trees.js";
import { modelOf } from "./exchange/model-fixture.js";

/** Two that acting can change, and two that it cannot. */
const FEATURES = ["thumbs_up_share_28d", "days_since_last_event", "gender_male", "days_since_registration"];
const x = randomRows("counterfactual", 400, FEATURES.length);

function modelWith(state: ModelState, threshold: number): ModelFile {
  return { ...modelOf(state, FEATURES), threshold: { value: threshold, why: "" }, ranges: featureRanges(x) };
}

const trees = (seed: number) => randomBoosting(`${seed}`, { inputs: FEATURES.length, depth: 4, trees: 20 });
const rowAt = (i: number) => x.data.slice(i * x.cols, (i + 1) * x.cols);
const scoreOf = (model: ModelFile, row: Float64Array) =>
  modelProbabilities(model, { rows: 1, cols: row.length, data: row })[0] ?? Number.NaN;

describe("a counterfactual", () => {
  it("changes only what acting can change, within what was seen, and says truly what the model then says", () => {
    let reached = 0;
    fc.assert(
      fc.property(
        fc.nat(1000),
        fc.nat(x.rows - 1),
        fc.double({ min: 0.1, max: 0.4, noNaN: true }),
        (seed, at, threshold) => {
          const model = modelWith(trees(seed), threshold);
          const row = rowAt(at);
          const found = counterfactualOf(model, row);
          expect(found.churn_probability).toBe(scoreOf(model, row));
          const changed = row.slice();
          for (const { feature, from, to } of found.changes) {
            const column = FEATURES.indexOf(feature);
            expect(column).toBeLessThan(2);
            expect(from).toBe(row[column]);
            const range = model.ranges?.[column] ?? [];
            const [low, high] = [
              Math.min(row[column] ?? 0, range[0] ?? 0),
              Math.max(row[column] ?? 0, range.at(-1) ?? 0),
            ];
            expect(to >= low && to <= high).toBe(true);
            changed[column] = to;
          }
          expect(scoreOf(model, changed)).toBe(found.churn_probability_after);
          expect(found.reached).toBe(found.churn_probability_after < threshold);
          if (found.churn_probability < threshold) expect(found.changes).toEqual([]);
          if (found.reached && found.changes.length > 0) {
            reached++;
            for (const { feature, from } of found.changes) {
              const less = changed.slice();
              less[FEATURES.indexOf(feature)] = from ?? Number.NaN;
              if (found.changes.length > 1) expect(scoreOf(model, less)).toBeGreaterThanOrEqual(threshold);
            }
          }
        },
      ),
      { numRuns: 300 },
    );
    expect(reached).toBeGreaterThan(20);
  });

  it("of a linear model is as small as the line allows", () => {
    const rng = seededRng("line");
    const y = Uint8Array.from({ length: x.rows }, (_, i) =>
      rng.uniform() < 1 / (1 + Math.exp(4 * (rowAt(i)[0] || 0))) ? 1 : 0,
    );
    const state = fitLogistic(x, y, null, { penalty: "l2", C: 1, classWeight: null, selectK: null, columns: [0] });
    const model = modelWith(state, 0.4);
    const row = Float64Array.of(-0.5, 0, 0, 0);
    const { changes, reached } = counterfactualOf(model, row);
    expect(reached).toBe(true);
    expect(changes.map(({ feature }) => feature)).toEqual(["thumbs_up_share_28d"]);
    const to = changes[0]?.to ?? Number.NaN;
    expect(scoreOf(model, Float64Array.of(to - 0.003, 0, 0, 0))).toBeGreaterThanOrEqual(0.4);
    expect(changes[0]?.text).toMatch(/^thumbs up share in 28 days .*% \(now: .*%\)$/);
  });

  it("is honest where nothing can be done", () => {
    const model = modelWith(trees(1), 1e-9);
    expect(counterfactualOf(model, rowAt(0)).reached).toBe(false);
    const { ranges: _, ...unknown } = model;
    expect(counterfactualOf(unknown, rowAt(0))).toMatchObject({ reached: false, changes: [] });
  });
});
