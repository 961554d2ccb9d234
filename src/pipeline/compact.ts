import { mkdirSync } from "node:fs";
import type { DuckDBConnection } from "@duckdb/node-api";
import { assert } from "../base/assert.js";
import { asInstant, type Instant, MS_PER_DAY, utcDay } from "../base/time.js";
import type { World } from "../base/world.js";
import { commitStaged } from "../store/commit.js";
import { stopIfAborted, withDuckDB } from "../store/duckdb.js";
import { withHomeLock } from "../store/home-lock.js";
import { homePaths } from "../store/home-paths.js";
import type { LiveDb } from "../store/live/live-db.js";
import { readManifest } from "../store/manifest.js";
import { openStaging, type Staging } from "../store/staging.js";
import { sweepLake } from "../store/sweep.js";
import { verifyStaged } from "../store/verify-staged.js";
import { EventReader } from "./ingest/event-reader.js";
import { EventRows } from "./ingest/event-rows.js";
import { rawEventOf } from "./live/event-texts.js";
import { markTaken } from "./live/lake-files.js";
import { markCompacted, readUncompacted, type Uncompacted } from "./live/uncompacted.js";

/** A day is closed when the data go on for so long after its end. */
export const GRACE_MS = MS_PER_DAY;
const PAGE_ROWS = 10_000;
/** In one commit: as many as are well held in memory. */
const COMMIT_ROWS = 500_000;
const SOURCE = "live events";

export interface CompactSummary {
  /** Events before this moment are in the lake; null where nothing is known at all. */
  readonly before: Instant | null;
  /** Events that were brought there. */
  readonly rows: number;
  /** Of these, those that the lake had already. */
  readonly present: number;
  /** Files that were added. */
  readonly files: readonly string[];
}

/**
 * Brings the events of closed UTC days from the live store into the lake, as `ingest` would have written them: copied and committed,
 * read back, and only then marked. Killed at any moment it loses none and none is in the lake twice, and the next call goes on. The
 * events stay in the live store, where late ones have their users folded again; their texts go. Throws `LAKE_BROKEN`, `STORE_UNAVAILABLE`, `INTERRUPTED`.
 *
 * @param options.before days that begin before it are closed; null: by the last event, or the clock where that is earlier, less
 *   `graceMs`
 */
export function compact(
  home: string,
  db: LiveDb,
  { graceMs = GRACE_MS, before = null }: { readonly graceMs?: number; readonly before?: Instant | null },
  world: World,
): Promise<CompactSummary> {
  return withHomeLock(home, "compact", async () => {
    const until = before ?? (await closedBefore(db, graceMs, world));
    let [rows, present] = [0, 0];
    const files: string[] = [];
    if (until === null) return { before: null, rows, present, files };
    for (;;) {
      const done = await commitPortion(home, db, until, world);
      if (done === null) break;
      rows += done.rows;
      present += done.rows - done.accepted;
      files.push(...done.files);
      world.log.info(`Brought ${rows} live events into the lake`);
    }
    if (rows > 0) await db.reclaim();
    return { before: until, rows, present, files };
  });
}

/** The end of the last closed day; null where there is no event. */
async function closedBefore(db: LiveDb, graceMs: number, world: World): Promise<Instant | null> {
  const [row] = await db.query<{ last: number | null }>("SELECT max(ts_ms) AS last FROM events");
  if (row?.last == null) return null;
  return asInstant(utcDay(Math.min(row.last, world.now()) - graceMs) * MS_PER_DAY);
}

/** Brings one portion there; null where there is nothing left. */
async function commitPortion(home: string, db: LiveDb, until: Instant, world: World) {
  const { temp } = homePaths(home);
  const first = await readUncompacted(db, { beforeMs: until, after: null, limit: PAGE_ROWS });
  if (first.length === 0) return null;
  sweepLake(home, readManifest(home));
  mkdirSync(temp, { recursive: true });
  const done = await withDuckDB(
    temp,
    (connection) => inOneCommit(connection, { home, db, until, first }, world),
    world,
  );
  sweepLake(home, readManifest(home));
  return done;
}

interface Portion {
  readonly home: string;
  readonly db: LiveDb;
  readonly until: Instant;
  /** Its first page. */
  readonly first: readonly Uncompacted[];
}

async function inOneCommit(connection: DuckDBConnection, { home, db, until, first }: Portion, world: World) {
  const staging = await openStaging(connection, false);
  const reader = new EventReader(Number.POSITIVE_INFINITY, new EventRows());
  const events: Uncompacted[] = [];
  for (let page = first; page.length > 0; ) {
    stage(page, events.length, reader, staging);
    for (const event of page) events.push(event);
    stopIfAborted(world);
    if (page.length < PAGE_ROWS || events.length >= COMMIT_ROWS) break;
    page = await readUncompacted(db, { beforeMs: until, after: events.at(-1) ?? null, limit: PAGE_ROWS });
  }
  const known = new Set(readManifest(home).files.map(({ path }) => path));
  const notes = { sourceOfPart: [SOURCE], quarantine: null };
  const { manifest, acceptedByPart } = await commitStaged(home, staging, { notes, whileWriting: null }, world);
  const newFiles = manifest.files.filter(({ path }) => !known.has(path));
  await verifyStaged(staging, { home, manifest, newFiles });
  // What was made of live events need not be taken from the lake; where this is not reached it would come to nothing but duplicates.
  await markTaken(db, newFiles, world.now());
  await markCompacted(db, events);
  const accepted = acceptedByPart.get(0) ?? 0;
  return { rows: events.length, accepted, files: newFiles.map(({ path }) => path) };
}

/** Adds events to the staged ones, as rows of a log from `line` on. */
function stage(events: readonly Uncompacted[], line: number, reader: EventReader, staging: Staging): void {
  events.forEach((event, i) => {
    const flaw = reader.read(rawEventOf(event, event.texts), line + i);
    assert(flaw === null, `a live event is none: ${flaw}`);
  });
  staging.append(reader.rows.take(), 0, 0);
}
