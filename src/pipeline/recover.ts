import { existsSync, readFileSync, statSync } from "node:fs";
import { RefrainError } from "../base/errors.js";
import type { World } from "../base/world.js";
import { type Recovery, recoverSessions } from "../identity/recover-sessions.js";
import { scoreRecovery, type Truth } from "../identity/score.js";
import type { RecoveryDocument } from "../schema/documents.js";
import type { EventColumns } from "../schema/event-columns.js";
import { pageCode } from "../schema/pages.js";
import type { SessionColumns } from "../schema/session-columns.js";
import { writeAttributions } from "../store/attributions.js";
import { lakeIsSimulated } from "../store/holds-simulated.js";
import { withHomeLock } from "../store/home-lock.js";
import { attributionsAreCurrent, filesSinceAttributions, type Lake, openLake } from "../store/lake.js";
import type { EventFile } from "../store/manifest.js";
import { readEventColumns } from "../store/read-event-columns.js";
import { readSessionRows } from "../store/read-session-rows.js";

/**
 * Gives logged-out rows their users back and keeps the attributions beside the lake. With a truth file (as `simulate --truth`
 * writes it) the answer says how accurate that was, beside two simple rivals. Fails with NO_DATA.
 */
export async function recover(home: string, truthFile: string | null, world: World): Promise<RecoveryDocument> {
  return withHomeLock(home, "recover", async () => {
    const lake = openLake(home);
    world.log.info("Recovering the user ids of logged-out rows");
    const rows = await readSessionRows(lake, { sessions: "all" }, world);
    const recovery = recoverSessions(rows);
    const simulated = await lakeIsSimulated(lake, world);
    await writeAttributions(home, keyed(rows, recovery), { sessionsOf: null }, world);
    return { ...recoveryDocument(rows, recovery, truthFile), simulated };
  });
}

/** The known events, after a recovery if rows have come since the last one. Fails with NO_DATA. */
export async function loadEvents(home: string, world: World): Promise<EventColumns> {
  const lake = await recoverIfNeeded(home, world);
  world.log.info("Reading the lake");
  return readEventColumns(lake, world);
}

/** Above this share of new rows, recovering everything is quicker. */
const NEW_SHARE_MAX = 0.3;

/**
 * The lake with attributions made from exactly its events: those of the sessionIds that got new rows are made again, since no
 * evidence crosses sessionIds; all of them where there were none, or by another version. Fails with NO_DATA.
 */
export async function recoverIfNeeded(home: string, world: World): Promise<Lake> {
  const found = openLake(home);
  if (attributionsAreCurrent(found)) return found;
  return withHomeLock(home, "recover", async () => {
    const lake = openLake(home);
    const files = filesSinceAttributions(lake);
    if (files === null || rowsIn(files) > NEW_SHARE_MAX * rowsIn(lake.manifest.files)) await recover(home, null, world);
    else if (files.length > 0) await recoverSessionsOf(lake, files, world);
    return openLake(home);
  });
}

async function recoverSessionsOf(lake: Lake, files: readonly EventFile[], world: World): Promise<void> {
  world.log.info("Recovering the user ids of the sessions that got new rows");
  const rows = await readSessionRows(lake, { sessions: files }, world);
  await writeAttributions(lake.home, keyed(rows, recoverSessions(rows)), { sessionsOf: files }, world);
}

function rowsIn(files: readonly EventFile[]): number {
  return files.reduce((sum, file) => sum + file.rows, 0);
}

/** Attributions by the key of their row, as the lake keeps them. */
export function keyed(rows: SessionColumns, { attributions }: Recovery) {
  const { row, userIndex, confidence, knownAtMs } = attributions;
  return {
    sessionId: Float64Array.from(row, (at) => rows.sessionId[at] ?? Number.NaN),
    item: Int32Array.from(row, (at) => rows.item[at] ?? 0),
    tsMs: Float64Array.from(row, (at) => rows.tsMs[at] ?? Number.NaN),
    page: Uint8Array.from(row, (at) => rows.page[at] ?? 0),
    userId: Array.from(userIndex, (user) => rows.users[user] ?? ""),
    confidence,
    knownAtMs,
  };
}

/** What came of a recovery, measured where there is a truth file. */
export function recoveryDocument(
  rows: SessionColumns,
  recovery: Recovery,
  truthFile: string | null,
): Omit<RecoveryDocument, "simulated"> {
  const { summary } = recovery;
  const counts = { ...summary, coverage: summary.attributable === 0 ? null : summary.coverage };
  if (truthFile === null) return counts;
  const { accuracy, precisionByConfidence, rivals } = scoreRecovery(rows, recovery, readTruth(truthFile, rows));
  return { ...counts, ...(accuracy === null ? {} : { accuracy }), precisionByConfidence, rivals };
}

/** Reads `{ kind: "row", sessionId, itemInSession, ts, page, userId, guest? }` lines; other lines are passed over. */
function readTruth(path: string, rows: SessionColumns): Truth {
  if (!existsSync(path)) throw new RefrainError("PATH_ABSENT", { path });
  if (statSync(path).isDirectory()) throw new RefrainError("FILE_UNREADABLE", { path, reason: "it is a folder" });
  const owners = new Map<string, string | null>();
  for (const line of readFileSync(path, "utf8").split("\n")) {
    const truth = parsed(line, path);
    if (truth?.kind !== "row") continue;
    const key = keyOf(
      Number(truth.sessionId),
      Number(truth.itemInSession),
      Number(truth.ts),
      pageCode(String(truth.page)),
    );
    owners.set(key, truth.guest === true || truth.userId == null ? null : String(truth.userId));
  }
  const found = new Map<number, string | null>();
  rows.userIndex.forEach((user, row) => {
    if (user >= 0) return;
    const key = keyOf(rows.sessionId[row] ?? 0, rows.item[row] ?? 0, rows.tsMs[row] ?? 0, rows.page[row] ?? 0);
    const owner = owners.get(key);
    if (owner !== undefined) found.set(row, owner);
  });
  return found;
}

function parsed(line: string, path: string): Record<string, unknown> | null {
  if (line.trim() === "") return null;
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" ? (value as Record<string, unknown> | null) : null;
  } catch {
    throw new RefrainError("FILE_UNREADABLE", { path, reason: "a line of it is not JSON" });
  }
}

const keyOf = (sessionId: number, item: number, ts: number, page: number): string =>
  `${sessionId}/${item}/${ts}/${page}`;
