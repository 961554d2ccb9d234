import { availableParallelism } from "node:os";
import { asInstant, MS_PER_DAY } from "#src/base/time.js";
import { RISK_SET } from "#src/features/risk-set.js";
import { load } from "#src/pipeline/load.js";
import { snapshotUsers } from "#src/pipeline/snapshot.js";
import { openLake } from "#src/store/lake.js";
import { readEventColumns } from "#src/store/read-event-columns.js";

/**
 * A measured program: log file → features, two days between cutoffs. Arguments: home, log (`-`: the home has a lake already),
 * cutoffs (default 25), threads for the fold (default all). Prints one JSON line; its seconds are without start and imports.
 */

const [home = "", log = "-", cutoffCount = "25", foldThreads = ""] = process.argv.slice(2);
const seconds: Record<string, number> = {};
let started = performance.now();
const lap = (name: string): void => {
  seconds[name] = (performance.now() - started) / 1000;
  started = performance.now();
};
const world = {
  now: () => asInstant(Date.now()),
  seed: 42,
  threads: availableParallelism(),
  // It is said when all lines are read and checked.
  log: { debug() {}, info: (message: string) => message.startsWith("Recovering") && lap("read"), warn() {} },
  signal: { aborted: false },
};

const columns =
  log === "-"
    ? await readEventColumns(openLake(home), world)
    : (await load(home, [log], { truth: null }, world)).columns;
lap(log === "-" ? "read" : "recover");
const lastTs = columns.tsMs.reduce((last, ts) => Math.max(last, ts), 0);
const count = Number(cutoffCount);
const cutoffs = Array.from({ length: count }, (_, i) => asInstant(lastTs - (count - 1 - i) * 2 * MS_PER_DAY));
const foldWorld = foldThreads === "" ? world : { ...world, threads: Number(foldThreads) };
const plan = { catalogue: "point-in-time", cutoffs, riskSet: RISK_SET } as const;
started = performance.now();
const { x } = await snapshotUsers(columns, plan, foldWorld);
lap("fold");
seconds.total = Object.values(seconds).reduce((sum, one) => sum + one, 0);
console.log(JSON.stringify({ events: columns.tsMs.length, rows: x.rows, features: x.cols, cutoffs: count, seconds }));
