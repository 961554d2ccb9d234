import { existsSync } from "node:fs";
import { join } from "node:path";
import { RefrainError } from "../../base/errors.js";
import { isoOf, MS_PER_DAY } from "../../base/time.js";
import type { World } from "../../base/world.js";
import { pointInTime } from "../../features/catalogue.js";
import { stateFingerprint } from "../../features/fold-protocol/probe.js";
import { readIndex, verifyModels } from "../../registry/local.js";
import { withDuckDB } from "../../store/duckdb.js";
import { FILE_FIGURES_SQL } from "../../store/file-figures.js";
import { homePaths } from "../../store/home-paths.js";
import { eventsSql } from "../../store/lake.js";
import { lakeVersion, readManifest } from "../../store/manifest.js";
import { readKept } from "../kept/kept-file.js";
import { type Check, fail, ok, warn } from "./check.js";

const RESTORE = "Restore it from a backup, or ingest the logs again into a fresh --home.";

/** Reads every file of the lake back, and compares it with what the manifest says of it. */
export async function checkLake(home: string, world: World): Promise<Check> {
  try {
    const { files } = readManifest(home);
    if (files.length === 0) return warn("lake", "there are no events", "Run refrain ingest <path>.");
    const broken = await withDuckDB(
      homePaths(home).temp,
      async (connection) => {
        const wrong: string[] = [];
        for (const file of files) {
          const result = await connection
            .run(`SELECT ${FILE_FIGURES_SQL} FROM ${eventsSql(home, [file])}`)
            .catch(() => null);
          const [rows, , , , digest] = (await result?.getRows())?.[0] ?? [];
          if (Number(rows) !== file.rows || digest !== file.digest) wrong.push(file.path);
        }
        return wrong;
      },
      world,
    );
    if (broken.length > 0) return fail("lake", `${broken.join(", ")}: not what was written`, RESTORE);
    const last = files.reduce((ms, { lastTs }) => Math.max(ms, lastTs), 0);
    const rows = files.reduce((sum, file) => sum + file.rows, 0);
    const detail = `${rows} events in ${files.length} files, the last of ${isoOf(last)}`;
    if (last <= world.now() + MS_PER_DAY) return ok("lake", detail);
    return warn("lake", detail, "That is in the future: look at the clock, and at where the events come from.");
  } catch (error) {
    if (error instanceof RefrainError) return fail("lake", error.message, error.hint);
    throw error;
  }
}

export function checkModels(home: string): Check {
  try {
    const changed = verifyModels(home).filter(({ intact }) => !intact);
    if (changed.length > 0) {
      const names = changed.map(({ version }) => version).join(", ");
      return fail("models", `changed or damaged: ${names}`, "Train again, or restore the file from a backup.");
    }
    const { versions, champion } = readIndex(home);
    if (champion === null) return warn("models", `${versions.length} models, none serves`, "Run refrain train.");
    return ok("models", `${versions.length} models, all as they were registered; ${champion} serves`);
  } catch (error) {
    if (error instanceof RefrainError) return fail("models", error.message, error.hint);
    throw error;
  }
}

/** Kept states are a convenience: where they do not fit, all is folded again. */
export function checkStates(home: string, world: World): Check {
  if (!existsSync(join(homePaths(home).folded, "states.bin"))) return ok("states", "none are kept yet");
  const again = "The next predict folds all users again, which takes its time.";
  const kept = readKept(home, { ...world, log: { debug() {}, info() {}, warn() {} } });
  if (kept === null) return warn("states", "the kept states cannot be read", again);
  if (kept.fingerprint !== stateFingerprint(pointInTime([""]))) {
    return warn("states", "the kept states are of other accumulators", again);
  }
  const isCurrent = kept.lake === lakeVersion(readManifest(home));
  return ok("states", `${kept.users.size} users${isCurrent ? "" : ", of an earlier lake: what is new comes on top"}`);
}
