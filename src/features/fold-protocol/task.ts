import { namesOf, type SnapshotPlan } from "../snapshot-plan.js";
import { fingerprintOf, PROTOCOL_VERSION } from "./fingerprint.js";
import { refused } from "./refused.js";

/** What a fold worker is told before any event: plain data, so that it crosses to a thread or as a word of a command line. */
export interface FoldTask {
  readonly protocol: number;
  readonly fingerprint: string;
  readonly plan: SnapshotPlan;
}

export function foldTask(plan: SnapshotPlan): FoldTask {
  return { protocol: PROTOCOL_VERSION, fingerprint: fingerprintOf(namesOf(plan)), plan };
}

/** The plan of a task that this build can do. Throws `FOLD_REFUSED` where the other side speaks another version or folds otherwise. */
export function acceptTask({ protocol, fingerprint, plan }: FoldTask): SnapshotPlan {
  if (protocol !== PROTOCOL_VERSION) throw refused(`it speaks version ${PROTOCOL_VERSION}, the task ${protocol}`);
  const own = fingerprintOf(namesOf(plan));
  if (fingerprint !== own) throw refused(`its features are ${own}, those of the task ${fingerprint}`);
  return plan;
}
