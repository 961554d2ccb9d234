import type { DuckDBConnection } from "@duckdb/node-api";
import type { World } from "../base/world.js";
import { readNumbers, stopIfAborted } from "./duckdb.js";
import { freshByPart, selectFresh } from "./fresh-rows.js";
import type { HeldLake } from "./held-events.js";
import { holdLake } from "./hold-lake.js";
import { eventsSql } from "./lake.js";
import { type EventFile, type Manifest, readManifest, writeManifest } from "./manifest.js";
import type { Staging } from "./staging.js";
import { monthsToWrite, writeMonths } from "./write-months.js";

export interface CommitResult {
  readonly manifest: Manifest;
  /** Rows that were new to the lake, by part. */
  readonly acceptedByPart: ReadonlyMap<number, number>;
}

/** What the manifest is to remember beside the events. */
export interface CommitNotes {
  /** The log of each part. */
  readonly sourceOfPart: readonly string[];
  readonly quarantine: { readonly path: string; readonly lines: number } | null;
}

/** What can be made of the events while they are being written. */
export type WhileWriting = (lake: HeldLake) => void;

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
  const { connection } = staging;
  staging.close();
  const before = readManifest(home);
  const acceptedByPart = new Map<number, number>();
  let manifest = withQuarantine(before, notes.quarantine);
  if (staging.rows() > 0) {
    await selectFresh(staging, home, before);
    for (const [part, rows] of await freshByPart(connection)) acceptedByPart.set(part, rows);
  }
  stopIfAborted(world);
  if (acceptedByPart.size > 0) {
    const version = before.version + 1;
    const months = await monthsToWrite(connection);
    const isFirst = before.files.length === 0;
    const held = isFirst && whileWriting !== null ? await holdLake(staging, world) : null;
    const firstUsers = isFirst ? await countFreshUsers(connection) : null;
    const writing = writeMonths(connection, months, { home, version });
    try {
      if (held !== null) whileWriting?.(held);
    } finally {
      await Promise.allSettled([writing]);
    }
    const files = [...before.files, ...(await writing)];
    const users = firstUsers ?? (await countUsers(connection, home, files));
    const sources = addedSources(before.sources, notes.sourceOfPart, acceptedByPart);
    manifest = { ...manifest, version, files, users, sources };
  }
  stopIfAborted(world);
  if (manifest !== before) writeManifest(home, manifest);
  return { manifest, acceptedByPart };
}

async function countFreshUsers(connection: DuckDBConnection): Promise<number> {
  const sql = `SELECT count(DISTINCT user_id)::DOUBLE FROM profile_texts
    WHERE user_id <> '' AND code IN (SELECT DISTINCT profile FROM fresh)`;
  return (await readNumbers(connection, sql))[0] ?? 0;
}

async function countUsers(connection: DuckDBConnection, home: string, files: readonly EventFile[]): Promise<number> {
  const sql = `SELECT count(DISTINCT user_id)::DOUBLE FROM ${eventsSql(home, files)} WHERE user_id <> ''`;
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
  return [...known, ...[...rows].map(([path, count]) => ({ path, rows: count }))];
}
