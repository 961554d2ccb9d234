import type { DuckDBConnection } from "@duckdb/node-api";
import type { World } from "../base/world.js";
import { readNumbers, stopIfAborted } from "./duckdb.js";
import { rowsByPart, selectErased } from "./erased-rows.js";
import { selectFresh } from "./fresh-rows.js";
import type { HeldLake, NameNumbers } from "./held-events.js";
import { freshRows, holdLake, nameNumbers } from "./hold-lake.js";
import { eventsSql } from "./lake.js";
import { type EventFile, type Manifest, readManifest, writeManifest } from "./manifest.js";
import type { Staging } from "./staging.js";
import { readTombstones } from "./tombstones.js";
import { monthsToWrite, writeMonths } from "./write-months.js";

export interface CommitResult {
  readonly manifest: Manifest;
  /** Rows that were new to the lake, by part. */
  readonly acceptedByPart: ReadonlyMap<number, number>;
  /** Rows of users who were erased before, by part: they are not taken. */
  readonly erasedByPart: ReadonlyMap<number, number>;
}

/** What the manifest is to remember beside the events. */
export interface CommitNotes {
  /** The log of each part. */
  readonly sourceOfPart: readonly string[];
  readonly quarantine: { readonly path: string; readonly lines: number } | null;
}

/** What can be made of the events of an empty lake while they are being written. */
export interface WhileWriting {
  /** Called while the words of the lake are made ready, */
  begin(lake: HeldLake): void;
  /** while its rows are written, */
  finish(names: NameNumbers): void;
  /** and when they are there. */
  settle(connection: DuckDBConnection): Promise<void>;
}

/**
 * Adds the new staged rows to the lake. Nothing is visible until the manifest is replaced, at the very end; when nothing
 * is new it stays as it is. Needs the home lock.
 *
 * @param whileWriting called where the lake was empty and the rows are held in memory, which spares reading them again
 */
export async function commitStaged(
  home: string,
  staging: Staging,
  { notes, whileWriting }: { readonly notes: CommitNotes; readonly whileWriting: WhileWriting | null },
  world: World,
): Promise<CommitResult> {
  staging.close();
  const before = readManifest(home);
  let manifest = withQuarantine(before, notes.quarantine);
  let acceptedByPart: ReadonlyMap<number, number> = new Map();
  let erasedByPart: ReadonlyMap<number, number> = new Map();
  let isAll = false;
  if (staging.rows() > 0) {
    const tombstones = readTombstones(home);
    erasedByPart = await selectErased(staging, tombstones);
    isAll = await selectFresh(staging, { home, manifest: before, hasErased: !tombstones.isEmpty });
    acceptedByPart = isAll ? staging.rowsByPart : await rowsByPart(staging.connection, "fresh");
  }
  stopIfAborted(world);
  const isFirst = before.files.length === 0;
  if (acceptedByPart.size > 0) {
    const version = before.version + 1;
    const how = { home, version, isAll, mayList: erasedByPart.size === 0 };
    const written = await writeFresh(staging, how, isFirst ? whileWriting : null, world);
    const files = [...before.files, ...written];
    const users = await countUsers(staging.connection, isFirst ? null : { home, files });
    const sources = addedSources(before.sources, notes.sourceOfPart, acceptedByPart);
    manifest = { ...manifest, version, files, users, sources };
  }
  stopIfAborted(world);
  if (manifest !== before) writeManifest(home, manifest);
  if (isFirst && acceptedByPart.size > 0 && staging.held.count !== null) await whileWriting?.settle(staging.connection);
  return { manifest, acceptedByPart, erasedByPart };
}

async function writeFresh(
  staging: Staging,
  { home, version, isAll, mayList }: { home: string; version: number; isAll: boolean; mayList: boolean },
  whileWriting: WhileWriting | null,
  world: World,
): Promise<EventFile[]> {
  const to = { home, version };
  if (whileWriting === null || staging.held.count === null) {
    return writeMonths(staging.connection, await monthsToWrite(staging, { mayList }), to);
  }
  const fresh = isAll ? null : await freshRows(staging.connection, world);
  const months = await beside(monthsToWrite(staging, { mayList }), () => whileWriting.begin(holdLake(staging, fresh)));
  const names = await nameNumbers(staging, world);
  return beside(writeMonths(staging.connection, months, to), () => whileWriting.finish(names));
}

/** Does `work` while a job of DuckDB is under way, and never leaves that running behind. */
async function beside<T>(job: Promise<T>, work: () => void): Promise<T> {
  try {
    work();
  } finally {
    await Promise.allSettled([job]);
  }
  return job;
}

/** Distinct user ids of the given files, or with null of the table `fresh`. */
async function countUsers(
  connection: DuckDBConnection,
  lake: { readonly home: string; readonly files: readonly EventFile[] } | null,
): Promise<number> {
  const sql =
    lake === null
      ? "SELECT count(DISTINCT user_id)::DOUBLE FROM profile_texts WHERE user_id <> '' AND code IN (SELECT DISTINCT profile FROM fresh)"
      : `SELECT count(DISTINCT user_id)::DOUBLE FROM ${eventsSql(lake.home, lake.files)} WHERE user_id <> ''`;
  return (await readNumbers(connection, sql))[0] ?? 0;
}

function withQuarantine(manifest: Manifest, file: CommitNotes["quarantine"]): Manifest {
  if (file === null || manifest.quarantine.some((known) => known.path === file.path)) return manifest;
  return { ...manifest, quarantine: [...manifest.quarantine, file] };
}

/** Only logs that gave something, so that a repeated ingest leaves no trace. */
function addedSources(
  known: Manifest["sources"],
  sourceOfPart: readonly string[],
  acceptedByPart: ReadonlyMap<number, number>,
): Manifest["sources"] {
  const rows = new Map<string, number>();
  sourceOfPart.forEach((path, part) => {
    const accepted = acceptedByPart.get(part) ?? 0;
    if (accepted > 0) rows.set(path, (rows.get(path) ?? 0) + accepted);
  });
  const added = [...rows].map(([path, count]) => ({ path, rows: count }));
  const last = known.at(-1);
  // A log that is followed comes in many portions.
  if (last !== undefined && added.length === 1 && added[0]?.path === last.path) {
    return [...known.slice(0, -1), { path: last.path, rows: last.rows + added[0].rows }];
  }
  return [...known, ...added];
}
