import { assert } from "../base/assert.js";
import { AUTH, PAGE } from "../schema/pages.js";
import type { SessionColumns } from "../schema/session-columns.js";
import { addRow, goOn, plainStream } from "./fold.js";
import { type Run, runsOf } from "./runs.js";
import { type Attribution, emptySession, type SessionRow } from "./session-state.js";

/** Owners found for blank rows, column by column, in the order in which they were settled. */
export interface AttributionColumns {
  /** Row of the input columns. */
  readonly row: Int32Array;
  readonly userIndex: Int32Array;
  readonly confidence: Float64Array;
  readonly knownAtMs: Float64Array;
}

/** Counts of blank rows. `blank = guests + attributable + withoutKnownRow`; `attributable = recovered + abstained`. */
export interface RecoverySummary {
  readonly blank: number;
  /** Blank rows, not guests, in a sessionId run that holds a known row. */
  readonly attributable: number;
  readonly recovered: number;
  readonly abstained: number;
  readonly guests: number;
  /** Blank rows, not guests, in a run without any known row: nothing in the log names their owner. */
  readonly withoutKnownRow: number;
  /** recovered ÷ attributable; 1 when there is nothing to attribute. */
  readonly coverage: number;
  /** sessionIds that hold two known users or more. */
  readonly sharedSessions: number;
}

export interface Recovery {
  readonly attributions: AttributionColumns;
  readonly summary: RecoverySummary;
}

/**
 * Recovers the owners of all blank rows of a log: the fold of `addRow` over each sessionId run. Runs without a blank or
 * without a known row are passed over, since nothing can be settled there.
 */
export function recoverSessions(columns: SessionColumns): Recovery {
  const userIndexOf = new Map(columns.users.map((user, index) => [user, index]));
  const runs = runsOf(columns);
  const found: Attribution[] = [];
  for (const run of runs) if (run.blank > 0 && run.known > 0) foldRun(columns, run, found);
  const attributions = {
    row: Int32Array.from(found, (one) => one.row),
    userIndex: Int32Array.from(found, (one) => indexOf(userIndexOf, one.user)),
    confidence: Float64Array.from(found, (one) => one.confidence),
    knownAtMs: Float64Array.from(found, (one) => one.knownAtMs),
  };
  return { attributions, summary: summaryOf(columns, runs, found.length) };
}

function foldRun(columns: SessionColumns, run: Run, found: Attribution[]): void {
  const state = emptySession();
  const row: SessionRow = { user: "", tsMs: 0, item: 0, page: 0, auth: 0, level: 0, row: 0 };
  for (let i = run.start; i < run.end; i++) {
    readRow(columns, i, row);
    for (const one of addRow(state, row)) found.push(one);
    const stream = row.user === "" ? null : plainStream(state, row.user);
    const last = stream === null ? i : lastPlain(columns, i, run.end, stream.next);
    if (stream === null || last === i) continue;
    readRow(columns, last, row);
    goOn(stream, row);
    state.lastTs = row.tsMs;
    i = last;
  }
}

/** The last row of those behind row `i` with which its user goes on plainly, all of which only the last leaves a trace of. */
function lastPlain({ userIndex, auth, item, page }: SessionColumns, i: number, end: number, next: number): number {
  // hot loop
  let last = i;
  for (let at = i + 1; at < end && userIndex[at] === userIndex[i]; at++) {
    if (auth[at] !== AUTH.loggedIn || item[at] !== next + last - i) break;
    last = at;
    if (page[at] === PAGE.Logout) break;
  }
  return last;
}

/** Fills `into` from row `i`: the one object serves a whole run. */
function readRow(columns: SessionColumns, i: number, into: SessionRow): void {
  into.user = columns.users[columns.userIndex[i] as number] ?? "";
  into.tsMs = columns.tsMs[i] as number;
  into.item = columns.item[i] as number;
  into.page = columns.page[i] as number;
  into.auth = columns.auth[i] as number;
  into.level = columns.level[i] as number;
  into.row = i;
}

function indexOf(userIndexOf: ReadonlyMap<string, number>, user: string): number {
  const index = userIndexOf.get(user);
  assert(index !== undefined, `user ${user} was recovered but is not in the columns`);
  return index;
}

function summaryOf(columns: SessionColumns, runs: readonly Run[], recovered: number): RecoverySummary {
  let [blank, guests, attributable, withoutKnownRow] = [0, 0, 0, 0];
  for (const run of runs) {
    blank += run.blank + run.guests;
    guests += run.guests;
    if (run.known > 0) attributable += run.blank;
    else withoutKnownRow += run.blank;
  }
  const abstained = attributable - recovered;
  const coverage = attributable === 0 ? 1 : recovered / attributable;
  const sharedSessions = countShared(columns);
  return { blank, attributable, recovered, abstained, guests, withoutKnownRow, coverage, sharedSessions };
}

function countShared(columns: SessionColumns): number {
  const { sessionId, userIndex } = columns;
  let shared = 0;
  let first = -1;
  let counted = false;
  for (let i = 0; i < sessionId.length; i++) {
    if (i === 0 || sessionId[i] !== sessionId[i - 1]) {
      first = -1;
      counted = false;
    }
    const user = userIndex[i] as number;
    if (user < 0 || user === first || counted) continue;
    if (first < 0) first = user;
    else {
      counted = true;
      shared++;
    }
  }
  return shared;
}

/** Whether row `i` names nobody and is not a guest's: a row that recovery is about. */
export function isHidden(columns: SessionColumns, i: number): boolean {
  return (columns.userIndex[i] as number) < 0 && columns.auth[i] !== AUTH.guest;
}
