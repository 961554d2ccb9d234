import { describe, expect, test } from "vitest";
import { takeColumns } from "../../src/base/matrix.js";
import { seededRng, shuffledIndices } from "../../src/base/rng.js";
import { type Dataset, rowsAt, takeDataset } from "../../src/evaluate/dataset.js";
import { type ForwardRun, runForward } from "../../src/evaluate/forward.js";
import { CHURNED_TO_TUNE } from "../../src/evaluate/inner-problem.js";
import { type Learner, learnerOf } from "../../src/evaluate/learner.js";
import { rocAuc } from "../../src/evaluate/metrics.js";
import { nestedFit, predictNested } from "../../src/evaluate/nested-fit.js";
import { runRivals } from "../../src/evaluate/rivals.js";
import { forwardSplits, POINT_IN_TIME_SHAPE } from "../../src/evaluate/splits.js";
import { HORIZON } from "../../src/labels/label.js";
import { logistic } from "../../src/models/logistic.js";
import { panel, quiet } from "./panel.js";

const plain = { classWeight: null, selectK: null } as const;
const learner = learnerOf(logistic, {
  defaults: { penalty: "l2", C: 0.5, ...plain },
  grid: [
    { penalty: "l2", C: 1e-6, ...plain },
    { penalty: "l2", C: 0.1, ...plain },
  ],
});

/** Looks at one column alone, which its setting names. */
function oneColumn(columns: readonly number[], usual: number): Learner {
  const plainLogistic = learnerOf(logistic);
  return {
    name: "one column",
    grid: columns.map((column) => ({ column })),
    defaults: { column: usual },
    fit: ({ x, ...rows }, { column }, world) => {
      const { state, predict } = plainLogistic.fit(
        { ...rows, x: takeColumns(x, [Number(column)]) },
        plainLogistic.defaults,
        world,
      );
      return { state, predict: (rows) => predict(takeColumns(rows, [Number(column)])) };
    },
  };
}

const shape = POINT_IN_TIME_SHAPE;
const rich = panel();
const splits = forwardSplits(rich.cutoffs, { blocks: 2, minTrainCutoffs: 6, horizon: HORIZON });
const run = (data: Dataset, search: "grid" | "none" = "none"): ForwardRun =>
  runForward(data, { learner, splits, shape, search }, quiet);

describe("what is decided inside the training cutoffs", () => {
  const plan = { learner, trainCutoffs: rich.cutoffs, horizon: HORIZON, search: "grid" } as const;
  const churnersOf = (data: Dataset) => [...new Set(data.user.filter((_, row) => data.y[row] === 1))];
  /** The dataset with labels of all but `keep` churners set to 0. */
  const withChurners = (keep: number): Dataset => {
    const kept = new Set(churnersOf(rich.data).slice(0, keep));
    return { ...rich.data, y: rich.data.y.map((label, row) => (kept.has(rich.data.user[row] ?? -1) ? label : 0)) };
  };

  test("with 9 churned users no model; with 10 one at the defaults, not tuned, that says so", () => {
    expect(churnersOf(rich.data).length).toBeGreaterThan(50);
    expect(nestedFit(withChurners(9), plan, quiet)).toBeNull();
    const fit = nestedFit(withChurners(10), plan, quiet);
    expect(fit).toMatchObject({ tuned: false, params: learner.defaults, calibrator: { kind: "none" } });
    expect(fit?.threshold.value).toBe(2 * (fit?.baseRate ?? Number.NaN));
    expect(fit?.threshold.why).toMatch(/too few/);
  });

  test("with enough, the setting that predicts better, Platt scaling and a threshold of highest F1", () => {
    const choosy = oneColumn([3, 0], 3);
    const fit = nestedFit(rich.data, { ...plan, learner: choosy }, quiet);
    expect(fit).toMatchObject({ tuned: true, params: { column: 0 }, calibrator: { kind: "platt" } });
    expect(fit?.threshold.why).toMatch(/forward out-of-fold/);
    expect(CHURNED_TO_TUNE).toBe(30);
    const fixed = nestedFit(rich.data, { ...plan, search: "none" }, quiet);
    expect(fixed).toMatchObject({ tuned: false, params: learner.defaults, calibrator: { kind: "platt" } });
  });

  test("where rates fall, the level is that of neither all training rows nor the last ones, but between", () => {
    const many = panel({ users: 2000 });
    const late = (row: number) => (many.data.cutoffMs[row] ?? 0) >= (many.cutoffs[7] ?? 0);
    // Of the later churned rows, those of every other user are taken back.
    const y = many.data.y.map((label, row) => (late(row) && (many.data.user[row] ?? 0) % 2 === 0 ? 0 : label));
    const fit = nestedFit({ ...many.data, y }, { ...plan, search: "none" }, quiet);
    if (fit === null) throw new Error("no fit");
    const mean = (values: ArrayLike<number>) =>
      Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;
    const level = mean(predictNested(fit, many.data)) / fit.baseRate;
    expect(level).toBeLessThan(0.95);
    expect(level).toBeGreaterThan(mean(y.filter((_, row) => late(row))) / fit.baseRate);
  });

  test("rows after the training cutoffs change nothing", () => {
    const early = { ...plan, trainCutoffs: rich.cutoffs.slice(0, 12) };
    const seen = takeDataset(rich.data, rowsAt(rich.data, early.trainCutoffs));
    const { fitted, ...decided } = nestedFit(rich.data, early, quiet) ?? {};
    const { fitted: again, ...decidedAgain } = nestedFit(seen, early, quiet) ?? {};
    expect(again?.state).toEqual(fitted?.state);
    expect(decidedAgain).toEqual(decided);
  });

  test("all churned is as little to learn from as none", () => {
    const everyone = { ...rich.data, y: rich.data.y.map(() => 1) };
    expect(nestedFit(everyone, plan, quiet)).toBeNull();
  });
});

describe("forward through the blocks", () => {
  const straight = run(rich.data, "grid");

  test("the labels of a test block do not reach its predictions", () => {
    const last = splits.at(-1)?.test ?? [];
    const rows = rowsAt(rich.data, last);
    const order = shuffledIndices(rows.length, seededRng(1));
    const y = rich.data.y.slice();
    order.forEach((from, i) => {
      y[rows[i] ?? 0] = rich.data.y[rows[from] ?? 0] ?? 0;
    });
    expect(y).not.toEqual(rich.data.y);
    const permuted = run({ ...rich.data, y }, "grid");
    expect(permuted.p).toEqual(straight.p);
    expect(permuted.flagged).toEqual(straight.flagged);
    expect(permuted.unseen).toEqual(straight.unseen);
  });

  test("rows come block by block, each flagged at its own block's threshold", () => {
    expect(straight.fits).toHaveLength(2);
    let from = 0;
    splits.forEach(({ test }, block) => {
      const at = rowsAt(rich.data, test);
      const fit = straight.fits[block];
      expect(straight.rows.user.slice(from, from + at.length)).toEqual(takeDataset(rich.data, at).user);
      const p = fit === undefined ? [] : predictNested(fit, takeDataset(rich.data, at));
      expect([...straight.p.slice(from, from + at.length)]).toEqual([...p]);
      const flags = Array.from(p, (value) => (value >= (fit?.threshold.value ?? Number.NaN) ? 1 : 0));
      expect([...straight.flagged.slice(from, from + at.length)]).toEqual(flags);
      from += at.length;
    });
    expect(straight.p.length).toBe(from);
    expect(straight.fits[0]?.threshold.value).not.toBe(straight.fits[1]?.threshold.value);
    expect(rocAuc({ y: straight.rows.y, p: straight.p })).toBeGreaterThan(0.6);
  });

  test("a user is unseen where no training row of the block is theirs", () => {
    expect([...straight.unseen].some((flag) => flag === 1)).toBe(false);
    const newcomer = rich.data.user[0] ?? 0;
    const first = splits[0]?.test[0] ?? 0;
    const known = Int32Array.from(rich.data.y.keys()).filter(
      (row) => rich.data.user[row] !== newcomer || (rich.data.cutoffMs[row] ?? 0) >= first,
    );
    const { rows, unseen } = run(takeDataset(rich.data, known));
    const inFirst = new Set<number>(splits[0]?.test);
    const flagged = [...unseen.keys()].filter((row) => unseen[row] === 1);
    expect(flagged.length).toBeGreaterThan(0);
    for (const row of flagged) expect(rows.user[row]).toBe(newcomer);
    const own = [...rows.user.keys()].filter(
      (row) => rows.user[row] === newcomer && inFirst.has(rows.cutoffMs[row] ?? 0),
    );
    expect(flagged).toEqual(expect.arrayContaining(own));
  });

  test("a block without enough churned users to learn from is left out", () => {
    const late = splits[1]?.train.at(-1) ?? 0;
    const y = rich.data.y.map((label, row) => ((rich.data.cutoffMs[row] ?? 0) < late - 5 * 86_400_000 ? 0 : label));
    const { fits, rows } = run({ ...rich.data, y });
    expect(fits).toHaveLength(1);
    expect(new Set(rows.cutoffMs)).toEqual(new Set(splits[1]?.test));
  });
});

test("rivals run through the same splits: everyone, nobody, recency, tenure", () => {
  const rivals = runRivals(rich.data, { splits, shape }, quiet);
  expect(Object.keys(rivals)).toEqual(["everyone", "nobody", "recency", "tenure"]);
  const { rows } = run(rich.data);
  for (const rival of Object.values(rivals)) expect(rival.rows.y).toEqual(rows.y);
  expect(new Set(rivals.everyone?.p)).toEqual(new Set([1]));
  expect(new Set(rivals.everyone?.flagged)).toEqual(new Set([1]));
  expect(new Set(rivals.nobody?.p)).toEqual(new Set([0]));
  expect(new Set(rivals.nobody?.flagged)).toEqual(new Set([0]));
  // Of four columns, each of these sees one.
  for (const [name, column] of [
    ["recency", 1],
    ["tenure", 2],
  ] as const) {
    const state = rivals[name]?.fits[0]?.fitted.state as { inputs: number; mean: readonly number[] };
    expect(state.inputs).toBe(1);
    const train = takeDataset(rich.data, rowsAt(rich.data, splits[0]?.train ?? []));
    const mean = train.y.reduce((sum, _, row) => sum + (train.x.data[row * 4 + column] ?? 0), 0) / train.y.length;
    expect(state.mean[0]).toBeCloseTo(mean, 8);
  }
});
