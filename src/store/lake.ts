import { existsSync } from "node:fs";
import { join } from "node:path";
import { RefrainError } from "../base/errors.js";
import { IDENTITY_VERSION } from "../schema/session-columns.js";
import { sqlText } from "./duckdb.js";
import { homePaths } from "./home-paths.js";
import { type EventFile, lakeVersion, type Manifest, readManifest } from "./manifest.js";

/** A lake with at least one event, as its manifest lists it at this moment. */
export interface Lake {
  readonly home: string;
  /** Changes with the events: equal text, equal events. */
  readonly version: string;
  readonly manifest: Manifest;
}

/** Throws `NO_DATA` when there are no events, `LAKE_BROKEN` when the folder is damaged. */
export function openLake(home: string): Lake {
  const manifest = readManifest(home);
  if (manifest.files.length === 0) throw new RefrainError("NO_DATA", { home });
  return { home, version: lakeVersion(manifest), manifest };
}

export interface LakeSummary {
  readonly rows: number;
  /** Distinct user ids as received, `""` left out. */
  readonly users: number;
  readonly firstTs: number;
  readonly lastTs: number;
  readonly blankRows: number;
  readonly version: string;
}

/** The files added since the lake had this version; null where it never had: files are only ever added, at the end. */
export function filesSince({ manifest }: Lake, version: string): EventFile[] | null {
  const { files } = manifest;
  for (let count = files.length; count > 0; count--) {
    if (lakeVersion({ ...manifest, files: files.slice(0, count) }) === version) return files.slice(count);
  }
  return null;
}

/** Volumes of the lake, from its manifest alone. */
export function lakeSummary(lake: Lake): LakeSummary {
  const { files, users } = lake.manifest;
  return {
    rows: files.reduce((sum, file) => sum + file.rows, 0),
    users,
    firstTs: files.reduce((first, file) => Math.min(first, file.firstTs), Number.POSITIVE_INFINITY),
    lastTs: files.reduce((last, file) => Math.max(last, file.lastTs), Number.NEGATIVE_INFINITY),
    blankRows: files.reduce((sum, file) => sum + file.blankRows, 0),
    version: lake.version,
  };
}

/** The same of a home, which may hold nothing yet. */
export function lakeVolumes(home: string): { users: number; firstTs: number | null; lastTs: number | null } {
  if (readManifest(home).files.length === 0) return { users: 0, firstTs: null, lastTs: null };
  const { users, firstTs, lastTs } = lakeSummary(openLake(home));
  return { users, firstTs, lastTs };
}

/** SQL that reads the given files of the lake. */
export function eventsSql(home: string, files: readonly { readonly path: string }[]): string {
  const { lake } = homePaths(home);
  return `read_parquet([${files.map((file) => sqlText(join(lake, file.path))).join(", ")}], hive_partitioning = false)`;
}

/** True when the attributions were made from exactly these events, by the identity of this version. */
export function attributionsAreCurrent(lake: Lake): boolean {
  return filesSinceAttributions(lake)?.length === 0;
}

/** The files added since the attributions were made; null where there are none, or none that go on. */
export function filesSinceAttributions(lake: Lake): EventFile[] | null {
  const { attributions } = lake.manifest;
  if (attributions?.identity !== IDENTITY_VERSION || !existsSync(homePaths(lake.home).attributions)) return null;
  return filesSince(lake, attributions.lake);
}
