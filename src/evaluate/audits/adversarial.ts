import { type Matrix, takeColumns, takeRows } from "../../base/matrix.js";
import { seededRng, shuffledIndices } from "../../base/rng.js";
import type { World } from "../../base/world.js";
import { POINT_IN_TIME } from "../../features/catalogue.js";
import type { Family } from "../../features/fold.js";
import type { SnapshotTable } from "../../features/snapshot-table.js";
import { logistic } from "../../models/logistic.js";
import type { AdversarialDocument } from "../../schema/documents.js";
import { rocAuc } from "../metrics.js";
import type { ForwardSplit } from "../splits.js";

/** Users looked at, at most: the AUC is known to a percent by then. */
const USERS_MAX = 1_000;
const FOLDS = 2;
const SHOWN = 3;

/** Families that tell what time it is: with them any two cutoffs can be told apart. */
const CLOCKS: readonly Family[] = ["calendar", "tenure"];
const CLOCK_NAMES = new Set(
  POINT_IN_TIME.features.filter(({ family }) => CLOCKS.includes(family)).map(({ name }) => name),
);

/**
 * How well a model tells the rows a block is tested on from those it learned from (adversarial validation): 0.5, the population is the
 * same; near 1, another one is predicted than was learned from. Out of fold by user, so that it cannot go by who somebody is. The calendar
 * alone tells later rows, and counts over a growing history nearly do, so there is no verdict; by behaviour alone it shows drift.
 * Null without rows on both sides.
 */
export function adversarialAuc(table: SnapshotTable, split: ForwardSplit, world: World): AdversarialDocument | null {
  const { x, later, fold } = rowsOf(table, split, world);
  const testRows = later.reduce<number>((sum, value) => sum + value, 0);
  if (testRows === 0 || testRows === later.length) return null;
  const behaviour = table.features.filter((name) => !CLOCK_NAMES.has(name));
  const behaved = takeColumns(
    x,
    behaviour.map((name) => table.features.indexOf(name)),
  );
  return {
    auc: outOfFoldAuc(x, { later, fold }, world),
    behaviourAuc: outOfFoldAuc(behaved, { later, fold }, world),
    trainRows: later.length - testRows,
    testRows,
    strongest: strongestOf(behaviour, behaved, later),
  };
}

function outOfFoldAuc(x: Matrix, { later, fold }: { later: Uint8Array; fold: Uint8Array }, world: World): number {
  const p = new Float64Array(later.length).fill(0.5);
  for (let own = 0; own < FOLDS; own++) {
    const inside = Int32Array.from(later.keys()).filter((row) => fold[row] === own);
    const outside = Int32Array.from(later.keys()).filter((row) => fold[row] !== own);
    const y = Uint8Array.from(outside, (row) => later[row] ?? 0);
    if (!y.includes(1) || !y.includes(0)) continue;
    const state = logistic.fit(takeRows(x, outside), y, null, logistic.defaults, world);
    const scores = logistic.predict(state, takeRows(x, inside));
    inside.forEach((row, i) => {
      p[row] = scores[i] ?? Number.NaN;
    });
  }
  return rocAuc({ y: later, p });
}

/** Rows of the split's cutoffs, of at most so many users, with whether they are test rows and their user's fold. */
function rowsOf(table: SnapshotTable, { train, test }: ForwardSplit, world: World) {
  const users = Int32Array.from(new Set(table.userIndex)).sort();
  const order = shuffledIndices(users.length, seededRng(world.seed).fork("adversarial")).slice(0, USERS_MAX);
  const foldOf = new Map(Array.from(order, (at, i) => [users[at], i % FOLDS]));
  const learned = new Set<number>(train);
  const tested = new Set<number>(test);
  const rows = Int32Array.from(table.userIndex.keys()).filter((row) => {
    const cutoff = table.cutoffMs[row] ?? Number.NaN;
    return foldOf.has(table.userIndex[row]) && (learned.has(cutoff) || tested.has(cutoff));
  });
  return {
    x: takeRows(table.x, rows),
    later: Uint8Array.from(rows, (row) => (tested.has(table.cutoffMs[row] ?? Number.NaN) ? 1 : 0)),
    fold: Uint8Array.from(rows, (row) => foldOf.get(table.userIndex[row]) ?? 0),
  };
}

/** The features that tell most by themselves; a missing value ranks lowest. */
function strongestOf(features: readonly string[], { cols, data }: Matrix, later: Uint8Array) {
  return features
    .map((feature, column) => {
      const p = Float64Array.from(later, (_, row) => data[row * cols + column] ?? Number.NaN);
      return { feature, auc: rocAuc({ y: later, p: p.map((v) => (Number.isNaN(v) ? Number.NEGATIVE_INFINITY : v)) }) };
    })
    .sort((a, b) => Math.abs(b.auc - 0.5) - Math.abs(a.auc - 0.5) || (a.feature < b.feature ? -1 : 1))
    .slice(0, SHOWN);
}
