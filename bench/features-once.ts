import { availableParallelism } from "node:os";
import { asInstant, MS_PER_DAY } from "#src/base/time.js";
import { RISK_SET } from "#src/features/risk-set.js";
import { ingest } from "#src/pipeline/ingest.js";
import { recover } from "#src/pipeline/recover.js";
import { snapshotUsers } from "#src/pipeline/snapshot.js";
import { openLake } from "#src/store/lake.js";
import { readEventColumns } from "#src/store/read-event-columns.js";

/** A measured program: log file → features at 25 cutoffs, two days apart. Arguments: home, log. Prints one JSON line. */

const CUTOFFS = 25;
const [home = "", log = ""] = process.argv.slice(2);
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

const { lines, lastTs } = await stage("ingest", () => ingest(home, [log], {}, world));
await stage("recover", () => recover(home, null, world));
const columns = await stage("read", () => readEventColumns(openLake(home), world));
const cutoffs = Array.from({ length: CUTOFFS }, (_, i) => asInstant(lastTs - (CUTOFFS - 1 - i) * 2 * MS_PER_DAY));
const table = await stage("fold", () =>
  snapshotUsers(columns, { catalogue: "point-in-time", cutoffs, riskSet: RISK_SET }, world),
);
console.log(JSON.stringify({ lines, rows: table.x.rows, features: table.x.cols, cutoffs: CUTOFFS, seconds }));
