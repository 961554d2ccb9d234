import { RefrainError } from "../../base/errors.js";
import { complaintOfTrees } from "../trees/check-trees.js";
import type { BoostedTrees, Tree } from "../trees/tree.js";
import { marginOfBaseScore, readBaseScore } from "./base-score.js";
import { DELETED_NODE, type XgboostFile, type XgboostTree, xgboostFileSchema } from "./file-schema.js";

const OBJECTIVE = "binary:logistic";
const VERSIONS = [2, 3];
const COLUMNS_MAX = 1_000_000;

export interface XgboostModel {
  readonly state: BoostedTrees;
  /** Null where the file names none: its columns are then known by their order. */
  readonly features: readonly string[] | null;
}

/**
 * Reads the public model JSON of XGBoost 2 and 3 with all of its trees, as `Booster.predict` uses them. Margins are bit for bit those
 * of the library. Fails with MODEL_FILE_BAD for what predicts in another way (another objective or booster, several classes,
 * categories) and for a file that is damaged.
 *
 * @param path named in errors
 */
export function readXgboostJson(text: string, path: string): XgboostModel {
  const refuse = (
    reason: string,
    advice = "Save the model again with XGBoost 2 or 3: booster.save_model('model.json').",
  ): never => {
    throw new RefrainError("MODEL_FILE_BAD", { path, reason, advice });
  };
  const { learner } = fileOf(text, refuse);
  const { model } = learner.gradient_booster;
  const { num_feature: inputs, num_class: classes, num_target: targets } = learner.learner_model_param;
  const trains = "Train it with objective binary:logistic, booster gbtree and numeric columns.";
  if (learner.objective.name !== OBJECTIVE)
    refuse(`its objective is ${learner.objective.name.slice(0, 60)}, not ${OBJECTIVE}`, trains);
  if (classes > 1 || targets > 1 || model.tree_info.some((group) => group !== 0))
    refuse("it predicts more than one thing", trains);
  if ((model.cats?.enc.length ?? 0) > 0) refuse("it splits by categories", trains);
  if (inputs < 1 || inputs > COLUMNS_MAX) refuse(`it has ${inputs} columns`);
  const probability = readBaseScore(String(learner.learner_model_param.base_score));
  if (probability === null) return refuse("its base_score is no probability between 0 and 1");
  const counts = [model.gbtree_model_param.num_trees, model.tree_info.length];
  if (counts.some((trees) => trees !== model.trees.length))
    refuse(`it counts ${counts[0]} trees and holds ${model.trees.length}`);
  const trees = model.trees.map((tree, t) => {
    if (tree.split_type?.some((type) => type !== 0) || (tree.categories ?? []).length > 0)
      refuse("it splits by categories", trains);
    if ((tree.tree_param.size_leaf_vector ?? 1) > 1) refuse("it predicts more than one thing", trains);
    const complaint = complaintOfLists(tree);
    return complaint === null ? treeOf(tree) : refuse(`tree ${t} ${complaint}`);
  });
  const state: BoostedTrees = { kind: "xgboost", inputs, base: marginOfBaseScore(probability), trees };
  const complaint = complaintOfTrees(state);
  if (complaint !== null) refuse(complaint);
  const names = learner.feature_names;
  if (names.length > 0 && names.length !== inputs) refuse(`it has ${inputs} columns and ${names.length} names`);
  if (new Set(names).size !== names.length) refuse("two of its columns have the same name");
  return { state, features: names.length === 0 ? null : names };
}

function fileOf(text: string, refuse: (reason: string) => never): XgboostFile {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return refuse("it is not JSON, or not whole (a .ubj file is another format)");
  }
  const { success, data, error } = xgboostFileSchema.safeParse(parsed);
  if (!success) {
    const issue = error.issues[0];
    const where = issue?.path.join(".") ?? "";
    return refuse(
      where === "" ? "it is no model of XGBoost" : `${where.slice(0, 120)} is not as XGBoost 2 or 3 writes it`,
    );
  }
  const [major = 0] = data.version;
  return VERSIONS.includes(major)
    ? data
    : refuse(`XGBoost ${major} wrote it, and versions ${VERSIONS.join(" and ")} are read`);
}

/** What must hold before lists are read in step. */
function complaintOfLists(tree: XgboostTree): string | null {
  const nodes = tree.tree_param.num_nodes;
  const { left_children, right_children, split_indices, split_conditions, default_left, sum_hessian, loss_changes } =
    tree;
  const lists = {
    left_children,
    right_children,
    split_indices,
    split_conditions,
    default_left,
    sum_hessian,
    loss_changes,
  };
  for (const [name, { length }] of Object.entries(lists)) {
    if (length !== nodes) return `counts ${nodes} nodes and has ${length} entries of ${name}`;
  }
  const deleted = split_indices.filter((column) => column === DELETED_NODE).length;
  if (deleted !== tree.tree_param.num_deleted)
    return `counts ${tree.tree_param.num_deleted} pruned nodes and has ${deleted}`;
  const odd = left_children.findIndex((child, i) => (child === -1) !== (right_children[i] === -1));
  if (odd >= 0) return `has one child at node ${odd}`;
  const reached = new Set([0, ...left_children, ...right_children]);
  const lost = split_indices.findIndex((column, i) => reached.has(i) === (column === DELETED_NODE));
  return lost >= 0 ? `has a node ${lost} that is neither reached nor pruned, or both` : null;
}

function treeOf(tree: XgboostTree): Tree {
  const leaf = tree.left_children.map((child) => child === -1);
  const numbers = tree.split_conditions.map(Math.fround);
  return {
    feature: tree.split_indices.map((column, i) => (leaf[i] === true ? -1 : column)),
    threshold: numbers.map((value, i) => (leaf[i] === true ? 0 : value)),
    left: tree.left_children,
    right: tree.right_children,
    missingLeft: tree.default_left.map((left, i) => (leaf[i] !== true && left ? 1 : 0)),
    value: numbers.map((value, i) => (leaf[i] === true ? value : 0)),
    cover: tree.sum_hessian.map(Math.fround),
    gain: tree.loss_changes.map(Math.fround),
  };
}
