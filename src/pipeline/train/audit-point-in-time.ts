import { seededRng } from "../../base/rng.js";
import type { World } from "../../base/world.js";
import { alterAfter, changedFeatures, judgeFutureShuffle } from "../../evaluate/audits/future-shuffle.js";
import { drawPlaceboTimes, judgePlacebo, PLACEBO_DRAWS } from "../../evaluate/audits/placebo.js";
import { worstOf } from "../../evaluate/audits/verdict.js";
import { joinOutcomes, labelRows } from "../../evaluate/dataset.js";
import { runForward } from "../../evaluate/forward.js";
import type { Learner } from "../../evaluate/learner.js";
import { rocAuc } from "../../evaluate/metrics.js";
import type { SnapshotPlan } from "../../features/snapshot-plan.js";
import type { SnapshotTable } from "../../features/snapshot-table.js";
import { settledAt } from "../../labels/label.js";
import type { AuditsDocument, FutureShuffleDocument, PlaceboDocument } from "../../schema/documents.js";
import { snapshotUsers } from "../snapshot.js";
import { trainingHash } from "../training-hash.js";
import { spanOf } from "../user-spans.js";
import type { Search } from "./options.js";
import { pause } from "./pause.js";
import type { Prepared } from "./prepare.js";

interface Recipe {
  readonly learner: Learner;
  readonly search: Search;
}

/** The audits of an honest training run. */
export async function auditPointInTime(prepared: Prepared, recipe: Recipe, world: World): Promise<AuditsDocument> {
  const placebo = await placeboOf(prepared, recipe, world);
  const futureShuffle = await futureShuffleOf(prepared, world);
  return { placebo, futureShuffle, verdict: worstOf([placebo.verdict, futureShuffle.verdict]) };
}

/**
 * Churn by pure chance, on the user's own data: the label's event at made-up times, for users who never had it. Cutting a user's log at a fictitious cancel time and folding it again would
 * leave every snapshot before that time as it is (a feature knows nothing later: the future shuffle audits that), so the
 * snapshots are taken over and the rows from the cut on dropped: `labelRows` does both.
 */
async function placeboOf(
  { columns, table, label, eventMs, tests, shape }: Prepared,
  recipe: Recipe,
  world: World,
): Promise<PlaceboDocument> {
  const { lastTsMs } = spanOf(columns);
  const spans = { firstTsMs: label.exposedFrom(columns), cancelledMs: eventMs, lastTsMs };
  const aucs: number[] = [];
  for (let draw = 0; draw < PLACEBO_DRAWS; draw++) {
    await pause(world);
    if (draw % 5 === 0) world.log.info(`Placebo audit: draws ${draw + 1} to ${draw + 5} of ${PLACEBO_DRAWS}`);
    const times = drawPlaceboTimes(spans, seededRng(world.seed).fork(`placebo-${draw}`));
    const data = labelRows(table, times, shape.horizon);
    const run = runForward(data, { ...recipe, splits: tests, shape }, world);
    aucs.push(rocAuc({ y: run.rows.y, p: run.p }));
  }
  return judgePlacebo(aucs);
}

/**
 * Makes up everything after a cutoff and folds again: no feature at the cutoff may change by a bit. The same after the last
 * training horizon: no row the model learned from may change, hence no byte of the model.
 */
async function futureShuffleOf(prepared: Prepared, world: World): Promise<FutureShuffleDocument> {
  const { columns, table, cutoffs, shape, data, label, riskSet } = prepared;
  const rng = seededRng(world.seed).fork("future-shuffle");
  const plan = (at: SnapshotPlan["cutoffs"]): SnapshotPlan => ({ catalogue: "point-in-time", cutoffs: at, riskSet });
  const checked = [...new Set([0.25, 0.5, 0.75].map((share) => cutoffs[Math.floor(share * cutoffs.length)]))].filter(
    (cutoff) => cutoff !== undefined,
  );
  const changed = new Set<string>();
  let rowsAltered = 0;
  for (const cutoff of checked) {
    world.log.info("Future-shuffle audit: folding a log whose future is made up");
    const { altered, rows } = alterAfter(columns, cutoff, rng);
    rowsAltered += rows;
    const before = rowsOfCutoff(table, cutoff);
    for (const name of changedFeatures(before, await snapshotUsers(altered, plan([cutoff]), world))) changed.add(name);
  }
  const settled = settledAt(cutoffs.at(-1) ?? Number.NaN, shape.horizon);
  const { altered, rows } = alterAfter(columns, settled, rng);
  const again = joinOutcomes(await snapshotUsers(altered, plan(cutoffs), world), label.outcomes(altered));
  return judgeFutureShuffle({
    cutoffs: checked,
    rowsAltered: rowsAltered + rows,
    featuresChanged: [...changed],
    trainingUnchanged: trainingHash(again) === trainingHash(data),
  });
}

function rowsOfCutoff(table: SnapshotTable, cutoff: number): SnapshotTable {
  const rows: number[] = [];
  for (let row = 0; row < table.x.rows; row++) if (table.cutoffMs[row] === cutoff) rows.push(row);
  const data = new Float64Array(rows.length * table.x.cols);
  rows.forEach((row, i) => {
    data.set(table.x.data.subarray(row * table.x.cols, (row + 1) * table.x.cols), i * table.x.cols);
  });
  return {
    ...table,
    userIndex: Int32Array.from(rows, (row) => table.userIndex[row] ?? -1),
    cutoffMs: Float64Array.from(rows, (row) => table.cutoffMs[row] ?? Number.NaN),
    x: { rows: rows.length, cols: table.x.cols, data },
  };
}
