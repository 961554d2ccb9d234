import { availableParallelism } from "node:os";
import { asInstant, MS_PER_DAY } from "#src/base/time.js";
import { RISK_SET } from "#src/features/risk-set.js";
import { ingest } from "#src/pipeline/ingest.js";
import { recover } from "#src/pipeline/recover.js";
import { snapshotUsers } from "#src/pipeline/snapshot.js";
import { lakeSummary, openLake } from "#src/store/lake.js";
import { readEventColumns } from "#src/store/read-event-columns.js";

/**
 * A measured program: log file → features, two days between cutoffs. Arguments: home, log (`-`: the home has a lake already),
 * cutoffs (default 25), threads for the fold (default all). Prints one JSON line; its seconds are without start and imports.
 */

const [home = "", log = "-", cutoffCount = "25", foldThreads = ""] = process.argv.slice(2);
const silent = { debug() {}, info() {}, warn() {} };
const world = {
  now: () => asInstant(Date.now()),
  seed: 42,
  threads: availableParallelism(),
  log: silent,
  signal: { aborted: false },
};
const seconds: Record<string, number> = {};

async function stage<T>(name: string, work: () => Promise<T>): Promise<T> {
  const started = performance.now();
  const result = await work();
  seconds[name] = (performance.now() - started) / 1000;
  return result;
}

if (log !== "-") {
  await stage("ingest", () => ingest(home, [log], {}, world));
  await stage("recover", () => recover(home, null, world));
}
const lake = openLake(home);
const { rows: lines, lastTs } = lakeSummary(lake);
const columns = await stage("read", () => readEventColumns(lake, world));
const count = Number(cutoffCount);
const cutoffs = Array.from({ length: count }, (_, i) => asInstant(lastTs - (count - 1 - i) * 2 * MS_PER_DAY));
const foldWorld = foldThreads === "" ? world : { ...world, threads: Number(foldThreads) };
const table = await stage("fold", () =>
  snapshotUsers(columns, { catalogue: "point-in-time", cutoffs, riskSet: RISK_SET }, foldWorld),
);
seconds.total = Object.values(seconds).reduce((sum, one) => sum + one, 0);
console.log(JSON.stringify({ lines, rows: table.x.rows, features: table.x.cols, cutoffs: count, seconds }));
