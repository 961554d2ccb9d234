import type { BoostedTrees, Tree } from "../trees/tree.js";
import { baseScoreOfMargin } from "./base-score.js";
import { DELETED_NODE } from "./file-schema.js";
import { floatText } from "./float-text.js";

/** Which version's format is written: 3 reads it too. */
const VERSION = [2, 1, 4];
const NO_PARENT = 2_147_483_647;

const HALF = 0.5;

/**
 * The public model JSON of XGBoost (2 and 3 read it): the same margins bit for bit. Log-odds before the first tree that no
 * float32 `base_score` gives become a first tree of one leaf.
 *
 * @param features names of the columns; null writes none
 */
export function writeXgboostJson({ inputs, base, trees }: BoostedTrees, features: readonly string[] | null): string {
  const score = baseScoreOfMargin(base);
  const written = [...(score === null ? [leafTree(base)] : []), ...trees];
  const model = {
    gbtree_model_param: { num_parallel_tree: "1", num_trees: String(written.length) },
    iteration_indptr: Array.from({ length: written.length + 1 }, (_, i) => i),
    tree_info: written.map(() => 0),
    trees: new Raw(`[${written.map((tree, id) => treeText(tree, id, inputs)).join(",")}]`),
  };
  return textOf({
    learner: {
      attributes: {},
      feature_names: features ?? [],
      feature_types: [],
      gradient_booster: { model, name: "gbtree" },
      learner_model_param: {
        base_score: floatText(score ?? HALF),
        boost_from_average: "0",
        num_class: "0",
        num_feature: String(inputs),
        num_target: "1",
      },
      objective: { name: "binary:logistic", reg_loss_param: { scale_pos_weight: "1" } },
    },
    version: VERSION,
  });
}

function treeText(
  { feature, threshold, left, right, missingLeft, value, cover, gain }: Tree,
  id: number,
  inputs: number,
): string {
  const parents = feature.map(() => NO_PARENT);
  const isPruned = feature.map((_, i) => i > 0);
  feature.forEach((column, i) => {
    if (column < 0) return;
    for (const child of [left[i] ?? -1, right[i] ?? -1]) {
      parents[child] = i;
      isPruned[child] = false;
    }
  });
  const zeros = feature.map(() => 0);
  return textOf({
    base_weights: floats(value),
    categories: [],
    categories_nodes: [],
    categories_segments: [],
    categories_sizes: [],
    default_left: missingLeft,
    id,
    left_children: left,
    loss_changes: floats(gain),
    parents,
    right_children: right,
    split_conditions: floats(feature.map((column, i) => (column < 0 ? value[i] : threshold[i]) ?? 0)),
    split_indices: feature.map((column, i) => (isPruned[i] === true ? DELETED_NODE : Math.max(column, 0))),
    split_type: zeros,
    sum_hessian: floats(cover),
    tree_param: {
      num_deleted: String(isPruned.filter(Boolean).length),
      num_feature: String(inputs),
      num_nodes: String(feature.length),
      size_leaf_vector: "1",
    },
  });
}

function leafTree(value: number): Tree {
  const zero = [0];
  return {
    feature: [-1],
    threshold: zero,
    left: [-1],
    right: [-1],
    missingLeft: [0],
    value: [value],
    cover: zero,
    gain: zero,
  };
}

/** Text that is JSON already: XGBoost tells whole numbers from float32 by how they are written. */
class Raw {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

function floats(values: readonly number[]): Raw {
  return new Raw(`[${values.map(floatText).join(",")}]`);
}

function textOf(value: unknown): string {
  if (value instanceof Raw) return value.text;
  if (value === null || typeof value !== "object" || Array.isArray(value)) return JSON.stringify(value);
  return `{${Object.entries(value)
    .map(([key, inner]) => `${JSON.stringify(key)}:${textOf(inner)}`)
    .join(",")}}`;
}
