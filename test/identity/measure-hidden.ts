import type { Rng } from "../../src/base/rng.js";
import { type RecoverySummary, recoverSessions } from "../../src/identity/recover-sessions.js";
import { type RecoveryScore, scoreRecovery } from "../../src/identity/score.js";
import { AUTH } from "../../src/schema/pages.js";
import { columnsOfRows, type LoggedRow } from "./columns-of-rows.js";
import { hideStretch } from "./hide.js";
import { shareIds } from "./share-ids.js";

export interface HiddenMeasure {
  readonly summary: RecoverySummary;
  readonly score: RecoveryScore;
}

/**
 * Measures recovery on a real log whose truth nobody wrote down. Sessions with exactly one known user are kept; that user
 * is the owner of their natural blank rows. In each, one stretch of known rows is hidden (`hideStretch`; a session too
 * short for the drawn stretch stays as it is), and `sharers` sessions of different users are laid over one another under
 * one sessionId (`shareIds`; 1: none are). The same rng gives the same measure.
 */
export function measureHidden(log: readonly LoggedRow[], sharers: number, rng: Rng): HiddenMeasure {
  const owners: (string | null)[] = [];
  const sessions: LoggedRow[][] = [];
  for (const session of oneUserSessions(log)) {
    const owner = session.find((row) => row.user !== "")?.user ?? null;
    const rows = hideStretch(session, rng) ?? session.map((row) => ({ ...row }));
    for (const row of rows) row.row = owners.push(row.auth === AUTH.guest ? null : owner) - 1;
    sessions.push(rows);
  }
  if (sharers > 1) shareIds(sessions, sharers, rng);
  const { columns, order } = columnsOfRows(sessions.flat());
  const truth = new Map<number, string | null>();
  order.forEach((row, i) => {
    if ((columns.userIndex[i] as number) < 0) truth.set(i, owners[row] ?? null);
  });
  const recovery = recoverSessions(columns);
  return { summary: recovery.summary, score: scoreRecovery(columns, recovery, truth) };
}

/** The sessions, each sorted by item, that name exactly one user. */
function oneUserSessions(log: readonly LoggedRow[]): LoggedRow[][] {
  const sessions = new Map<number, LoggedRow[]>();
  for (const row of log) {
    const session = sessions.get(row.sessionId);
    if (session === undefined) sessions.set(row.sessionId, [row]);
    else session.push(row);
  }
  const named = (rows: readonly LoggedRow[]) => new Set(rows.map((row) => row.user).filter((user) => user !== ""));
  const kept = [...sessions.values()].filter((rows) => named(rows).size === 1);
  return kept.map((rows) => rows.sort((a, b) => a.item - b.item || a.tsMs - b.tsMs));
}
