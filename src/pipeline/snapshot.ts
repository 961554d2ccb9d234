import type { World } from "../base/world.js";
import { foldTask } from "../features/fold-protocol/task.js";
import { featureNames, type SnapshotPlan, takeSnapshots } from "../features/snapshot-plan.js";
import { joinParts, type SnapshotPart, type SnapshotTable } from "../features/snapshot-table.js";
import type { EventColumns } from "../schema/event-columns.js";
import { WorkerPool, workerUrl } from "./threads.js";

/** Events below which starting threads costs more than it brings. */
const EVENTS_FOR_THREADS = 1_000_000;
const TASKS_PER_THREAD = 4;

/**
 * One pass over all events, photographing users at every cutoff of the plan; users are shared out over the threads. The
 * table is the same bytes at any thread count.
 */
export async function snapshotUsers(columns: EventColumns, plan: SnapshotPlan, world: World): Promise<SnapshotTable> {
  const names = { features: featureNames(plan), users: columns.users };
  if (world.threads < 2 || columns.tsMs.length < EVENTS_FOR_THREADS) {
    return joinParts([takeSnapshots(columns, plan, { from: 0, to: columns.users.length })], names);
  }
  const pool = new WorkerPool(workerUrl("fold-worker"), { columns, task: foldTask(plan) }, world);
  try {
    const ranges = rangesOfUsers(columns, world.threads * TASKS_PER_THREAD);
    const parts = await Promise.all(ranges.map((range) => pool.run(range) as Promise<SnapshotPart>));
    return joinParts(parts, names);
  } finally {
    await pool.close();
  }
}

/** Runs of users with about the same number of events. */
function rangesOfUsers({ userStart, users, tsMs }: EventColumns, parts: number): { from: number; to: number }[] {
  const ranges: { from: number; to: number }[] = [];
  const size = Math.ceil(tsMs.length / parts);
  for (let from = 0; from < users.length; ) {
    let to = from + 1;
    while (to < users.length && (userStart[to] ?? 0) - (userStart[from] ?? 0) < size) to++;
    ranges.push({ from, to });
    from = to;
  }
  return ranges;
}
