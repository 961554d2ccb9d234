import { join } from "node:path";
import { measureNode, spread, table } from "./measure.js";

/** (b) `refrain simulate` as a process: seconds and peak memory. */
export function simulation(users: number, days: number, folder: string, repetitions: number): string {
  const out = join(folder, `log-${users}.jsonl`);
  const size = ["--users", String(users), "--days", String(days), "--seed", "1", "--out", out];
  const runs = Array.from({ length: repetitions }, () =>
    measureNode(["dist/cli/main.js", "simulate", ...size, "--json", "--quiet"], folder),
  );
  const seconds = spread(
    runs.map((run) => run.seconds),
    2,
  );
  const peak = spread(
    runs.map((run) => run.peakMiB),
    0,
  );
  return table(
    ["simulate", "events", "s min", "median", "max", "peak MiB min", "median", "max"],
    [[`${users} × ${days} days`, Number(runs[0]?.answer.events).toLocaleString("en"), ...seconds, ...peak]],
  );
}
