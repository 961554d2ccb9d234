import { workerData } from "node:worker_threads";
import { acceptTask, type FoldTask } from "../features/fold-protocol/task.js";
import { takeSnapshots } from "../features/snapshot-plan.js";
import type { EventColumns } from "../schema/event-columns.js";
import { serveTasks } from "./serve-tasks.js";

/** Folds ranges of users; the columns lie in shared memory. */
const { columns, task } = workerData as { columns: EventColumns; task: FoldTask };

serveTasks(async (range) => {
  const part = takeSnapshots(columns, acceptTask(task), range as { from: number; to: number });
  const transfer = [part.userIndex, part.cutoffMs, part.values].map((values) => values.buffer as ArrayBuffer);
  return { value: part, transfer };
});
