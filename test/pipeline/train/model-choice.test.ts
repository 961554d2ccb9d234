import { describe, expect, test } from "vitest";
import { takeColumns } from "../../../src/base/matrix.js";
import { seededRng, shuffledIndices } from "../../../src/base/rng.js";
import { type Dataset, rowsAt, takeDataset } from "../../../src/evaluate/dataset.js";
import { runForward } from "../../../src/evaluate/forward.js";
import { type Learner, learnerOf } from "../../../src/evaluate/learner.js";
import { nestedFit } from "../../../src/evaluate/nested-fit.js";
import { forwardSplits, POINT_IN_TIME_SHAPE } from "../../../src/evaluate/splits.js";
import { HORIZON } from "../../../src/labels/label.js";
import { logistic } from "../../../src/models/logistic.js";
import { cardOf, type ForwardCandidate } from "../../../src/pipeline/train/forward-candidates.js";
import { chooseModel } from "../../../src/pipeline/train/model-choice.js";
import type { Prepared } from "../../../src/pipeline/train/prepare.js";
import { panel, quiet } from "../../evaluate/panel.js";

const rich = panel({ users: 700 });
const tests = forwardSplits(rich.cutoffs, { blocks: 2, minTrainCutoffs: 13, horizon: HORIZON });
const plain = learnerOf(logistic);

/** Looks at one column alone: 0 tells, 3 is noise. */
function seeing(name: string, column: number): Learner {
  return {
    ...plain,
    name,
    fit: (rows, params, world) => {
      const { state, predict } = plain.fit({ ...rows, x: takeColumns(rows.x, [column]) }, params, world);
      return { state, predict: (x) => predict(takeColumns(x, [column])) };
    },
  };
}

function candidatesOf(data: Dataset, learners: readonly Learner[]): ForwardCandidate[] {
  return learners.map((learner) => {
    const run = runForward(data, { learner, splits: tests, shape: POINT_IN_TIME_SHAPE, search: "none" }, quiet);
    const final = nestedFit(data, { learner, trainCutoffs: rich.cutoffs, horizon: HORIZON, search: "none" }, quiet);
    if (final === null) throw new Error("no fit");
    return { learner, fit: nestedFit, run, card: cardOf(run, HORIZON, quiet), final, stability: null };
  });
}

const prepared = (data: Dataset): Prepared => ({ data, tests }) as unknown as Prepared;
const learners = [seeing("noise", 3), seeing("signal", 0)];

describe("the choice between models", () => {
  const { best, run, perBlock } = chooseModel(prepared(rich.data), candidatesOf(rich.data, learners));

  test("is of the one whose inner out-of-fold scores are best, in every block", () => {
    expect(best.learner.name).toBe("signal");
    expect(perBlock).toEqual(["signal", "signal"]);
  });

  test("is made without a look at the block that it is measured on", () => {
    const last = tests.at(-1)?.test ?? [];
    const rows = rowsAt(rich.data, last);
    // In the last block churn follows the noise column: on test, noise would win.
    const byNoise = [...rows].sort((a, b) => (rich.data.x.data[b * 4 + 3] ?? 0) - (rich.data.x.data[a * 4 + 3] ?? 0));
    const churned = rows.reduce((sum, row) => sum + (rich.data.y[row] ?? 0), 0);
    const y = rich.data.y.slice();
    for (const [rank, row] of byNoise.entries()) y[row] = rank < churned ? 1 : 0;
    const fooled = { ...rich.data, y };
    const found = candidatesOf(fooled, learners);
    const choice = chooseModel(prepared(fooled), found);
    expect(choice.perBlock[1]).toBe("signal");
    const blockOf = (p: Float64Array) => p.subarray(p.length - rows.length);
    expect([...blockOf(choice.run.p)]).toEqual([...blockOf(found[1]?.run.p ?? new Float64Array())]);
  });

  test("rows stay in the order of the blocks", () => {
    expect(run.rows.y).toEqual(
      takeDataset(rich.data, Int32Array.from(tests.flatMap(({ test: at }) => [...rowsAt(rich.data, at)]))).y,
    );
    expect(run.fits).toHaveLength(2);
  });

  test("with too few churned users for inner scores it is the model named first", () => {
    const churners = [...new Set(rich.data.user.filter((_, row) => rich.data.y[row] === 1))];
    const order = shuffledIndices(churners.length, seededRng(3));
    const kept = new Set([...order.subarray(0, 22)].map((at) => churners[at]));
    const few = { ...rich.data, y: rich.data.y.map((label, row) => (kept.has(rich.data.user[row]) ? label : 0)) };
    expect(chooseModel(prepared(few), candidatesOf(few, learners)).best.learner.name).toBe("noise");
  });
});
