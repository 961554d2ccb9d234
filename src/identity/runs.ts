import { assert } from "../base/assert.js";
import { AUTH } from "../schema/pages.js";
import type { SessionColumns } from "../schema/session-columns.js";
import { RUN_IDLE_MS } from "./session-state.js";

/** Rows start … end − 1 of one sessionId without an idle time above RUN_IDLE_MS. */
export interface Run {
  readonly start: number;
  readonly end: number;
  readonly known: number;
  /** Rows without a user that are not a guest's. */
  readonly blank: number;
  readonly guests: number;
}

/** Cuts the sorted columns into sessionId runs. */
export function runsOf(columns: SessionColumns): Run[] {
  const { sessionId, tsMs } = columns;
  const runs: Run[] = [];
  let start = 0;
  for (let i = 1; i <= sessionId.length; i++) {
    const over = i === sessionId.length || sessionId[i] !== sessionId[i - 1];
    if (!over) {
      const idle = (tsMs[i] as number) - (tsMs[i - 1] as number);
      assert(idle >= 0, `row ${i} comes before the row above it: session rows must be sorted`);
      if (idle <= RUN_IDLE_MS) continue;
    }
    runs.push(countRun(columns, start, i));
    start = i;
  }
  return runs;
}

function countRun(columns: SessionColumns, start: number, end: number): Run {
  let known = 0;
  let guests = 0;
  for (let i = start; i < end; i++) {
    if ((columns.userIndex[i] as number) >= 0) known++;
    else if (columns.auth[i] === AUTH.guest) guests++;
  }
  return { start, end, known, blank: end - start - known - guests, guests };
}
