import { assert } from "../base/assert.js";
import { clipProbability } from "../base/math/sigmoid.js";
import type { Matrix } from "../base/matrix.js";
import type { World } from "../base/world.js";
import type { Estimator } from "./estimator.js";
import { binTable } from "./trees/bins.js";
import { emptyOutOfBag, outOfBagProbability } from "./trees/grow-forest.js";
import { crewFor } from "./trees/threads/crew.js";
import type { ForestState, OutOfBagScore, Tree } from "./trees/tree.js";
import { treesProbability } from "./trees/walk.js";
import { classTotals } from "./two-classes.js";

export interface ForestParams {
  readonly trees: number;
  /** 0 for no limit. */
  readonly maxDepth: number;
  /** Least number of rows in a node that is split, and in a leaf: copies of a row that the bootstrap drew twice count once. */
  readonly minSamplesSplit: number;
  readonly minSamplesLeaf: number;
  /** How many columns that tell its rows apart a node looks at: "sqrt" of all there are, or a share of them. */
  readonly maxFeatures: "sqrt" | number;
  /** Weights of kept and churned rows; "balanced" is n / (2 n_class). Predictions then need recalibration. */
  readonly classWeight: null | "balanced" | readonly [number, number];
  /** Columns it may look at; absent is all. */
  readonly columns?: readonly number[];
}

const defaults: ForestParams = {
  trees: 300,
  maxDepth: 0,
  minSamplesSplit: 2,
  minSamplesLeaf: 5,
  maxFeatures: "sqrt",
  classWeight: null,
};

/** The reference system's 324 settings, in the order in which scikit-learn's grid search tries them. */
function grid(): ForestParams[] {
  return (["balanced", [1, 2], [1, 3]] as const).flatMap((classWeight) =>
    [10, 15, 20, 0].flatMap((maxDepth) =>
      [1, 2, 4].flatMap((minSamplesLeaf) =>
        [2, 5, 10].flatMap((minSamplesSplit) =>
          [100, 200, 300].map((trees) => ({
            ...defaults,
            trees,
            maxDepth,
            minSamplesSplit,
            minSamplesLeaf,
            classWeight,
          })),
        ),
      ),
    ),
  );
}

/** About how many levels of a tree look at nearly all rows. */
const LEVELS = 10;

function fitForest(
  x: Matrix,
  y: Uint8Array,
  weights: Float64Array | null,
  params: ForestParams,
  world: World,
): ForestState {
  assert(y.length === x.rows, "one label a row");
  const totals = classTotals(y, weights);
  const all = weights ?? new Float64Array(x.rows).fill(1);
  const looked = params.columns?.length ?? x.cols;
  const plan = {
    trees: params.trees,
    maxDepth: params.maxDepth,
    columnsMax: Math.max(
      1,
      Math.floor(params.maxFeatures === "sqrt" ? Math.sqrt(looked) : params.maxFeatures * looked),
    ),
    leafMin: params.minSamplesLeaf,
    splitMin: params.minSamplesSplit,
    classWeight: classWeightOf(params.classWeight, totals),
  };
  const crew = crewFor(x.rows * plan.columnsMax * params.trees * LEVELS, world);
  try {
    const table = binTable(x, weights, { columns: params.columns, crew });
    const said = Array.from({ length: crew.threads }, () => emptyOutOfBag(x.rows));
    const work = { table, y, weights: all, plan, seed: world.seed, outOfBag: said };
    const trees = crew.prepare("trees", work)(params.trees) as Tree[];
    const outOfBag = outOfBagScore(outOfBagProbability(said), y, all);
    return { kind: "forest", inputs: x.cols, trees, ...(outOfBag === null ? {} : { outOfBag }) };
  } finally {
    crew.end();
  }
}

function classWeightOf(
  classWeight: ForestParams["classWeight"],
  [kept, churned]: readonly [number, number],
): readonly [number, number] {
  if (classWeight === null) return [1, 1];
  if (classWeight !== "balanced") return classWeight;
  return [(kept + churned) / (2 * kept), (kept + churned) / (2 * churned)];
}

/** Null when every tree saw every row. */
function outOfBagScore(p: Float64Array, y: Uint8Array, weights: Float64Array): OutOfBagScore | null {
  let rows = 0;
  let total = 0;
  let squares = 0;
  let loss = 0;
  p.forEach((own, i) => {
    if (Number.isNaN(own)) return;
    const weight = weights[i] ?? 0;
    const missed = y[i] === 1 ? 1 - own : own;
    rows++;
    total += weight;
    squares += weight * missed * missed;
    loss -= weight * Math.log(clipProbability(1 - missed));
  });
  return rows === 0 ? null : { rows, brier: squares / total, logLoss: loss / total };
}

/**
 * Random forest (Breiman 2001): trees on bootstrap samples, each node split by Gini impurity over a few columns drawn afresh; P(churn)
 * is the mean of what the leaves say, as in scikit-learn's RandomForestClassifier, with cuts at quantile bins.
 */
export const forest: Estimator<ForestParams, ForestState> = {
  name: "forest",
  defaults,
  space: {
    grid: grid(),
    ranges: {
      maxDepth: { kind: "choice", values: [0, 5, 10, 15, 20] },
      minSamplesLeaf: { kind: "logUniform", low: 1, high: 50, whole: true },
      maxFeatures: { kind: "choice", values: ["sqrt", 0.2, 0.4] },
      classWeight: { kind: "choice", values: [null, "balanced"] },
    },
  },
  fit: fitForest,
  stages: {
    size: "trees",
    holdsFor: () => true,
    upTo: ({ kind, inputs, trees }, size) => ({ kind, inputs, trees: trees.slice(0, size) }),
  },
  predict: treesProbability,
};
