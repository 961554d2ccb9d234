import { mkdirSync } from "node:fs";
import type { DuckDBConnection } from "@duckdb/node-api";
import { RefrainError } from "../base/errors.js";
import type { World } from "../base/world.js";
import { commitStaged, type WhileWriting } from "../store/commit.js";
import { withDuckDB } from "../store/duckdb.js";
import { withHomeLock } from "../store/home-lock.js";
import { homePaths } from "../store/home-paths.js";
import { lakeSummary, openLake } from "../store/lake.js";
import { readManifest } from "../store/manifest.js";
import { QuarantineWriter } from "../store/quarantine.js";
import { openStaging } from "../store/staging.js";
import { sweepLake } from "../store/sweep.js";
import { findLogs, type Log } from "./ingest/find-logs.js";
import type { FieldMap } from "./ingest/part.js";
import { partsOf } from "./ingest/parts.js";
import { readLogs, startThreads } from "./ingest/read-logs.js";
import { type FileSummary, Tally } from "./ingest/tally.js";

export interface IngestOptions {
  /** Our field → the log's name for it. */
  readonly map?: FieldMap;
}

/** What became of every line: `lines = accepted + duplicates + quarantined`. */
export interface IngestSummary {
  readonly lines: number;
  readonly accepted: number;
  readonly duplicates: number;
  readonly quarantined: number;
  /** Reason code → lines quarantined for it. */
  readonly reasons: Readonly<Record<string, number>>;
  /** Field that is not of the event's schema → rows that had it; it is not kept. */
  readonly unknownFields: Readonly<Record<string, number>>;
  /** Distinct user ids in the lake. */
  readonly users: number;
  readonly firstTs: number;
  readonly lastTs: number;
  readonly files: readonly FileSummary[];
  readonly quarantineFile?: string;
}

/**
 * Brings logs into the lake of `home`; repeating it changes nothing. One bad file does not stop the others.
 * Throws `PATH_ABSENT`, `HOME_LOCKED`, `INTERRUPTED`, and where not one line was an event `PATH_EMPTY`, `COLUMNS_WRONG`,
 * `FILE_UNREADABLE` or `ALL_REJECTED`; the last after the quarantine was written.
 */
export async function ingest(
  home: string,
  paths: readonly string[],
  options: IngestOptions,
  world: World,
): Promise<IngestSummary> {
  const logs = await findLogs(paths);
  return withHomeLock(home, "ingest", () =>
    ingestLogs(home, logs, { map: options.map ?? {}, whileWriting: null }, world),
  );
}

interface Ingesting {
  readonly map: FieldMap;
  readonly whileWriting: WhileWriting | null;
}

/** `ingest` of logs that were found, by one who has the home lock. */
export async function ingestLogs(
  home: string,
  logs: readonly Log[],
  options: Ingesting,
  world: World,
): Promise<IngestSummary> {
  return summaryOf(home, await commitLogs(home, logs, options, world));
}

/** What became of logs, line by line. */
interface LogsRead {
  readonly counts: Pick<IngestSummary, "lines" | "accepted" | "duplicates" | "quarantined">;
  readonly tally: Tally;
  readonly files: readonly FileSummary[];
  /** Relative to the lake. */
  readonly quarantineFile: string | null;
}

/** `ingestLogs`, where it is also fine that there was no event in them. */
export async function commitLogs(
  home: string,
  logs: readonly Log[],
  { map, whileWriting }: Ingesting,
  world: World,
): Promise<LogsRead> {
  const { temp } = homePaths(home);
  sweepLake(home, readManifest(home));
  mkdirSync(temp, { recursive: true });
  const { parts, logOfPart } = partsOf(logs);
  const quarantine = new QuarantineWriter(home);
  const tally = new Tally(logs, logOfPart, quarantine);
  const rules = { map, nowMs: world.now() };
  const pool = startThreads(parts, rules, world);
  const stage = async (connection: DuckDBConnection) => {
    const staging = await openStaging(connection, whileWriting !== null && readManifest(home).files.length === 0);
    await readLogs(parts, rules, { pool, staging, tally, temp }, world);
    void pool?.close();
    const file = quarantine.finish();
    const sourceOfPart = logOfPart.map((log) => logs[log]?.origin?.path ?? logs[log]?.path ?? "");
    const notes = { sourceOfPart, quarantine: file };
    const committed = await commitStaged(home, staging, { notes, whileWriting }, world);
    return { files: tally.summaries(committed), quarantineFile: file === null ? null : file.path };
  };
  const { files, quarantineFile } = await withDuckDB(temp, stage, world).finally(() => pool?.close());
  sweepLake(home, readManifest(home));
  const total = (count: keyof LogsRead["counts"]) => files.reduce((sum, file) => sum + file[count], 0);
  const counts = {
    lines: total("lines"),
    accepted: total("accepted"),
    duplicates: total("duplicates"),
    quarantined: total("quarantined"),
  };
  return { counts, tally, files, quarantineFile };
}

function summaryOf(home: string, { counts, tally, files, quarantineFile: path }: LogsRead): IngestSummary {
  const quarantineFile = path === null ? {} : { quarantineFile: `${homePaths(home).lake}/${path}` };
  if (counts.accepted + counts.duplicates === 0) throw nothingTaken(tally, files, counts.lines, quarantineFile);
  const { users, firstTs, lastTs } = lakeSummary(openLake(home));
  return {
    ...counts,
    reasons: Object.fromEntries([...tally.reasons].sort(byCount)),
    unknownFields: Object.fromEntries([...tally.unknownFields].sort(byCount)),
    users,
    firstTs,
    lastTs,
    files,
    ...quarantineFile,
  };
}

function nothingTaken(
  tally: Tally,
  files: readonly FileSummary[],
  lines: number,
  quarantineFile: { readonly quarantineFile?: string },
): RefrainError {
  const path =
    files
      .map((file) => file.path)
      .slice(0, 3)
      .join(", ") + (files.length > 3 ? ", …" : "");
  if (lines > 0) {
    const reasons = [...tally.reasons].sort(byCount).map(([code, count]) => `${count} × ${code}`);
    return new RefrainError("ALL_REJECTED", { path, lines, reasons: reasons.join(", "), ...quarantineFile });
  }
  const error = tally.files.find((file) => file.error !== null)?.error;
  return error ? new RefrainError(error.code, error.details) : new RefrainError("PATH_EMPTY", { path });
}

function byCount(a: readonly [string, number], b: readonly [string, number]): number {
  return b[1] - a[1] || (a[0] < b[0] ? -1 : 1);
}
