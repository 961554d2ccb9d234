import { workerData } from "node:worker_threads";
import { type SnapshotPlan, takeSnapshots } from "../features/snapshot-plan.js";
import type { EventColumns } from "../schema/event-columns.js";
import { serveTasks } from "./serve-tasks.js";

/** Folds ranges of users; the columns lie in shared memory. */
const { columns, plan } = workerData as { columns: EventColumns; plan: SnapshotPlan };

serveTasks(async (task) => {
  const part = takeSnapshots(columns, plan, task as { from: number; to: number });
  const transfer = [part.userIndex, part.cutoffMs, part.values].map((values) => values.buffer as ArrayBuffer);
  return { value: part, transfer };
});
