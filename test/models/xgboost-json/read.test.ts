import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { RefrainError } from "../../../src/base/errors.js";
import { treesProbability } from "../../../src/models/trees/walk.js";
import { marginOfBaseScore, readBaseScore } from "../../../src/models/xgboost-json/base-score.js";
import { readXgboostJson } from "../../../src/models/xgboost-json/read.js";
import { writeXgboostJson } from "../../../src/models/xgboost-json/write.js";
import { needsShared } from "../../shared.js";
import { XGBOOST_FILE, XGBOOST_MODELS, xgboostReference, xgboostText } from "../xgboost-reference.js";

/** Any part of a parsed file. */
// biome-ignore lint/suspicious/noExplicitAny: damage is done to files of any shape
type Any = any;

const SMALL = {
  kind: "xgboost",
  inputs: 2,
  base: marginOfBaseScore(0.2),
  trees: [
    {
      feature: [1, -1, 0, -1, -1],
      threshold: [0.5, 0, -2, 0, 0],
      left: [1, -1, 3, -1, -1],
      right: [2, -1, 4, -1, -1],
      missingLeft: [1, 0, 0, 0, 0],
      value: [0, -0.25, 0, 0.125, 1],
      cover: [10, 4, 6, 3, 3],
      gain: [3, 0, 1, 0, 0],
    },
  ],
} as const;
const TEXT = writeXgboostJson(SMALL, ["age", "songs"]);

/** The small model with one thing changed. */
function changed(change: (file: Any) => void): string {
  const file = JSON.parse(TEXT);
  change(file.learner);
  return JSON.stringify(file);
}
const tree = (learner: Any): Any => learner.gradient_booster.model.trees[0];
const read = (text: string) => readXgboostJson(text, "m.json");
const reasonOf = (text: string): string => {
  try {
    read(text);
  } catch (error) {
    if (error instanceof RefrainError && error.code === "MODEL_FILE_BAD") return String(error.details.reason);
    throw error;
  }
  return "was read";
};

describe("base_score", () => {
  it.each(["2E-1", "[2E-1]", "0.2", ".2"])("%s is a fifth, as float32", (text) => {
    expect(readBaseScore(text)).toBe(Math.fround(0.2));
  });
  it.each(["0", "1", "-1", "2", "[0.2,0.3]", "", "NaN", "[]", "0x1", "1e-99"])("%s is refused", (text) => {
    expect(readBaseScore(text)).toBeNull();
    expect(reasonOf(changed((learner) => (learner.learner_model_param.base_score = text)))).toMatch(/base_score/);
  });
});

describe("a small file", () => {
  it("is read as it was written, with names and without", () => {
    expect(read(TEXT)).toEqual({ state: SMALL, features: ["age", "songs"] });
    expect(read(writeXgboostJson(SMALL, null)).features).toBeNull();
  });

  it("of version 3 says the same", () => {
    const file = JSON.parse(TEXT);
    file.version = [3, 2, 0];
    file.learner.learner_model_param.base_score = "[2E-1]";
    file.learner.gradient_booster.model.cats = { enc: [], feature_segments: [], sorted_idx: [] };
    expect(read(JSON.stringify(file)).state).toEqual(SMALL);
  });
});

const PRUNED = 2_147_483_647;

/** Node 2 leads back to the root, and node 4 is pruned away. */
const SHARED_CHILD = {
  right_children: [2, -1, 0, -1, -1],
  split_indices: [1, 0, 0, 0, PRUNED],
  tree_param: { num_nodes: "5", num_deleted: "1" },
};

function twoTrees(learner: Any, split_conditions: number[]): void {
  const { model } = learner.gradient_booster;
  model.trees = [0, 1].map(() => ({ ...model.trees[0], split_conditions }));
  model.tree_info = [0, 0];
  model.gbtree_model_param.num_trees = "2";
}

const REFUSED: readonly (readonly [RegExp, (learner: Any) => void])[] = [
  [/objective is multi:softprob/, (l) => (l.objective.name = "multi:softprob")],
  [/objective is reg:squarederror/, (l) => (l.objective.name = "reg:squarederror")],
  [/more than one thing/, (l) => (l.learner_model_param.num_class = "3")],
  [/more than one thing/, (l) => (l.learner_model_param.num_target = "2")],
  [/more than one thing/, (l) => (tree(l).tree_param.size_leaf_vector = "2")],
  [/gradient_booster.name/, (l) => (l.gradient_booster.name = "dart")],
  [/gradient_booster/, (l) => (l.gradient_booster = { gbtree: l.gradient_booster, name: "dart" })],
  [/categories/, (l) => (tree(l).split_type[0] = 1)],
  [/categories/, (l) => (tree(l).categories = [1])],
  [/categories/, (l) => (l.gradient_booster.model.cats = { enc: [{}] })],
  [/neither reached/, (l) => (tree(l).left_children[2] = 0)],
  [/neither reached nor pruned/, (l) => (tree(l).left_children[2] = 1)],
  [/neither reached/, (l) => (tree(l).right_children[0] = 1)],
  [/twice/, (l) => Object.assign(tree(l), SHARED_CHILD)],
  [/no node|neither/, (l) => (tree(l).left_children[0] = 99)],
  [/no node|neither/, (l) => (tree(l).left_children[0] = -7)],
  [/one child/, (l) => (tree(l).left_children[0] = -1)],
  [/column 2 of 2/, (l) => (tree(l).split_indices[0] = 2)],
  [/column -3 of 2|column/, (l) => (tree(l).split_indices[0] = -3)],
  [/split_indices/, (l) => (tree(l).split_indices[0] = 0.5)],
  [/sum_hessian/, (l) => tree(l).sum_hessian.pop()],
  [/sum_hessian/, (l) => delete tree(l).sum_hessian],
  [/cover/, (l) => (tree(l).sum_hessian[0] = -1)],
  [/float32/, (l) => (tree(l).split_conditions[1] = 1e39)],
  [/add up to more/, (l) => twoTrees(l, [0, 3.4e38, 0, 3.4e38, 3.4e38])],
  [/split_conditions/, (l) => (tree(l).split_conditions[1] = null)],
  [/counts 6 nodes/, (l) => (tree(l).tree_param.num_nodes = "6")],
  [/counts 1 pruned/, (l) => (tree(l).tree_param.num_deleted = "1")],
  [/counts 2 trees/, (l) => (l.gradient_booster.model.gbtree_model_param.num_trees = "2")],
  [/tree_info/, (l) => delete l.gradient_booster.model.tree_info],
  [/2 columns and 1 names/, (l) => (l.feature_names = ["age"])],
  [/same name/, (l) => (l.feature_names = ["age", "age"])],
  [/0 columns/, (l) => (l.learner_model_param.num_feature = "0")],
  [
    /no node/,
    (l) =>
      Object.assign(
        tree(l),
        Object.fromEntries(
          Object.keys(tree(l))
            .filter((k) => Array.isArray(tree(l)[k]))
            .map((k) => [k, []]),
        ),
        { tree_param: { num_nodes: "0" } },
      ),
  ],
];

describe("a file that is refused", () => {
  it.each(REFUSED.map(([reason, change], i) => [i, reason, change] as const))("%i: %s", (_, reason, change) => {
    expect(reasonOf(changed(change))).toMatch(reason);
  });

  it.each(["", "{", "[]", "null", "{}", TEXT.slice(0, -20), "binf\u0000", '{"version":[2,1,4],"learner":[]}'])(
    "%j",
    (text) => {
      expect(reasonOf(text)).not.toBe("was read");
    },
  );

  it("names the version", () => {
    expect(reasonOf(TEXT.replace("[2,1,4]", "[1,7,6]"))).toMatch(/XGBoost 1 wrote it/);
  });

  it("is a chain too deep to be a model", () => {
    const deep = 600;
    const nodes = 2 * deep + 1;
    const isLeaf = (i: number) => i % 2 === 1 || i === nodes - 1;
    const of = (value: (i: number) => number) => Array.from({ length: nodes }, (_, i) => value(i));
    const chain = {
      feature: of((i) => (isLeaf(i) ? -1 : 0)),
      threshold: of(() => 0),
      left: of((i) => (isLeaf(i) ? -1 : i + 1)),
      right: of((i) => (isLeaf(i) ? -1 : i + 2)),
      missingLeft: of(() => 0) as 0[],
      value: of(() => 0),
      cover: of(() => 1),
      gain: of(() => 0),
    };
    expect(reasonOf(writeXgboostJson({ ...SMALL, trees: [chain] }, null))).toMatch(/deeper than/);
  });
});

describe("one byte changed", () => {
  it("is refused with a reason, or is another model that answers with probabilities", () => {
    const bytes = Buffer.from(TEXT);
    const x = { rows: 3, cols: 2, data: Float64Array.of(0, 1, Number.NaN, Number.NaN, -5, 0.2) };
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.nat(255), (at, byte) => {
        const damaged = Buffer.from(bytes);
        damaged[at] = byte;
        const text = damaged.toString();
        if (reasonOf(text) !== "was read") return;
        const { state } = read(text);
        const rows = state.inputs === 2 ? x : { rows: 1, cols: state.inputs, data: new Float64Array(state.inputs) };
        for (const p of treesProbability(state, rows)) expect(p >= 0 && p <= 1).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });
});

describe.skipIf(needsShared(XGBOOST_FILE))("files of XGBoost 2.1.4", () => {
  it.each(XGBOOST_MODELS)("%s: written and read again it is the same model, number for number", (name) => {
    const { model } = xgboostReference(name);
    const text = writeXgboostJson(model.state, model.features);
    expect(read(text)).toEqual(model);
    expect(writeXgboostJson(read(text).state, null)).toBe(text);
  });

  it.each(XGBOOST_MODELS)("%s: every number is written as the library wrote it", (name) => {
    const ours = JSON.parse(writeXgboostJson(xgboostReference(name).model.state, null)).learner;
    const theirs = JSON.parse(xgboostText(name)).learner;
    expect(ours.learner_model_param.base_score).toEqual(theirs.learner_model_param.base_score);
    theirs.gradient_booster.model.trees.forEach(({ base_weights, ...known }: Any, t: number) => {
      // Where two shortest texts read back as the same float32, either may have been written.
      const written = ours.gradient_booster.model.trees[t];
      for (const key of ["split_conditions", "sum_hessian", "loss_changes"]) {
        expect(written[key].map(Math.fround)).toEqual(known[key].map(Math.fround));
        delete known[key];
      }
      expect(written).toMatchObject(known);
      expect(base_weights).toHaveLength(written.base_weights.length);
    });
  });
});

describe("log-odds before the first tree", () => {
  it("come back exactly, from a base_score or from a tree of one leaf", () => {
    fc.assert(
      fc.property(fc.float({ min: -20, max: 20, noNaN: true }), (base) => {
        const { state } = read(writeXgboostJson({ ...SMALL, base }, null));
        const [first] = state.trees;
        const total = state.trees.length === 2 ? Math.fround(state.base + (first?.value[0] ?? 9)) : state.base;
        expect(total).toBe(base === 0 ? 0 : base);
      }),
    );
  });
});
