import type { SessionColumns } from "../schema/session-columns.js";
import { isHidden } from "./recover-sessions.js";
import { runsOf } from "./runs.js";

/** A simple way to name an owner: for each row the index of a user, −1 where it names nobody. */
export type Rival = (columns: SessionColumns) => Int32Array;

/** What people do instead, on the same sessionId runs. `nearest` looks ahead in time, so it is no honest rival. */
export const RIVALS = { forwardFill, nearest } as const satisfies Record<string, Rival>;
export type RivalName = keyof typeof RIVALS;

/** The last known user of the run before the row. */
function forwardFill(columns: SessionColumns): Int32Array {
  const owner = new Int32Array(columns.userIndex.length).fill(-1);
  for (const { start, end } of runsOf(columns)) {
    let last = -1;
    for (let i = start; i < end; i++) {
      if ((columns.userIndex[i] as number) >= 0) last = columns.userIndex[i] as number;
      else if (isHidden(columns, i)) owner[i] = last;
    }
  }
  return owner;
}

/** The user of the known row of the run that is nearest in time; the earlier one of two. */
function nearest(columns: SessionColumns): Int32Array {
  const { userIndex, tsMs } = columns;
  const owner = new Int32Array(userIndex.length).fill(-1);
  for (const { start, end } of runsOf(columns)) {
    let before = -1;
    let after = start;
    for (let i = start; i < end; i++) {
      if ((userIndex[i] as number) >= 0) before = i;
      if (!isHidden(columns, i)) continue;
      after = Math.max(after, i);
      while (after < end && (userIndex[after] as number) < 0) after++;
      const back = before < 0 ? Number.POSITIVE_INFINITY : (tsMs[i] as number) - (tsMs[before] as number);
      const ahead = after >= end ? Number.POSITIVE_INFINITY : (tsMs[after] as number) - (tsMs[i] as number);
      const at = back <= ahead ? before : after;
      if (at >= 0 && at < end) owner[i] = userIndex[at] as number;
    }
  }
  return owner;
}
