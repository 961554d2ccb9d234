import { type Rng, shuffledIndices } from "../../base/rng.js";
import type { SnapshotTable } from "../../features/snapshot-table.js";

/**
 * Deals the label's event times anew among the users of the table: each gets the whole path of another, over all cutoffs. What is
 * true of rows at one cutoff (rates that rise and fall, a user's rows that repeat one another) stays; who it happens to is chance.
 * Dealt cutoff by cutoff instead, a user's rows would contradict one another as no real label does, and a leak along a path would
 * not show. NaN for users without a row.
 *
 * @param eventMs time of each user's first event, NaN for never
 */
export function permutePaths({ userIndex }: SnapshotTable, eventMs: Float64Array, rng: Rng): Float64Array {
  const users = Int32Array.from(new Set(userIndex)).sort();
  const order = shuffledIndices(users.length, rng);
  const times = new Float64Array(eventMs.length).fill(Number.NaN);
  order.forEach((from, to) => {
    times[users[to] ?? -1] = eventMs[users[from] ?? -1] ?? Number.NaN;
  });
  return times;
}
