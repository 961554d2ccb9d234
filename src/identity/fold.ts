import { AUTH } from "../schema/pages.js";
import { type Explanation, explanationsOf } from "./explain.js";
import { extend } from "./extend.js";
import { PHASE, phaseAfter } from "./grammar.js";
import {
  type Attribution,
  emptySession,
  GIVEN_UP,
  HYPOTHESES_MAX,
  QUIET_MS,
  RUN_IDLE_MS,
  SETTLE_AT,
  type SessionRow,
  type SessionState,
  type Stream,
  WEIGHT_MIN,
} from "./session-state.js";
import { settle } from "./settle.js";

const NONE: readonly Attribution[] = [];

/**
 * Folds the next row of a sessionId into its state and returns the owners that this row settles, of itself or of blank
 * rows before it. Rows come in the order (tsMs, item, page, user); since nothing looks ahead, an attribution depends on
 * rows with tsMs ≤ its knownAtMs only. The same function serves batch and live.
 *
 * Method: multiple hypothesis tracking (Reid 1979). A hypothesis shares all rows out to streams; each row multiplies its
 * weight by how likely the row is there: items without a hole, the grammar of Logout and Login, level, and the time gap.
 */
export function addRow(state: SessionState, row: SessionRow): readonly Attribution[] {
  const idleMs = row.tsMs - state.lastTs;
  if (idleMs > (state.doubt === GIVEN_UP ? QUIET_MS : RUN_IDLE_MS)) Object.assign(state, emptySession());
  state.lastTs = Math.max(state.lastTs, row.tsMs);
  if (state.doubt === GIVEN_UP || continuesPlainly(state, row)) return NONE;
  const all = state.hypotheses.flatMap((hypothesis) => explanationsOf(hypothesis, row));
  const total = weightOf(all);
  const best = likeliest(all, total);
  const kept = weightOf(best);
  state.doubt = 1 - (1 - state.doubt) * Math.min(1, kept / total);
  state.hypotheses = best.map((how) => ({ weight: how.weight / kept, streams: extend(how, row) }));
  if (state.doubt > 1 - SETTLE_AT) {
    Object.assign(state, { doubt: GIVEN_UP, hypotheses: [] });
    return NONE;
  }
  const settled = settle(state, row);
  if (state.doubt > 0 && !hasPending(state)) state.doubt = 0;
  return settled;
}

function continuesPlainly(state: SessionState, row: SessionRow): boolean {
  const stream = row.user === "" || row.auth !== AUTH.loggedIn ? null : plainStream(state, row.user);
  if (stream === null || stream.next !== row.item) return false;
  goOn(stream, row);
  return true;
}

/**
 * The stream in which a user who is logged in goes on, as nearly all rows do: the next item of it, while there is one
 * hypothesis, settles nothing. Null where a row is to be weighed.
 */
export function plainStream({ hypotheses, doubt }: SessionState, user: string): Stream | null {
  if (hypotheses.length !== 1 || doubt === GIVEN_UP) return null;
  const stream = hypotheses[0]?.streams.find((one) => one.user === user);
  return stream?.phase === PHASE.in ? stream : null;
}

/** Brings a plain stream to its latest row, in place. */
export function goOn(stream: Stream, row: SessionRow): void {
  stream.next = row.item + 1;
  stream.lastTs = row.tsMs;
  stream.level = row.level;
  stream.page = row.page;
  stream.phase = phaseAfter(row);
}

function likeliest(all: Explanation[], total: number): Explanation[] {
  all.sort((a, b) => b.weight - a.weight);
  return all.slice(0, HYPOTHESES_MAX).filter((how) => how.weight >= total * WEIGHT_MIN);
}

function weightOf(all: readonly Explanation[]): number {
  return all.reduce((sum, how) => sum + how.weight, 0);
}

function hasPending({ hypotheses }: SessionState): boolean {
  return hypotheses.some(({ streams }) => streams.some(({ rows }) => rows.length > 0));
}
