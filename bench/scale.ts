import { rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Measured, measureNode, medianOf, secondsOf, table } from "./measure.js";

const ONCE = fileURLToPath(new URL("./features-once.js", import.meta.url));
const TWO_THREADS = fileURLToPath(new URL("./two-threads.js", import.meta.url));
const REPETITIONS = 3;
/** Users of a SIMULATED log of 63 days: half a million events, and ten times as many. */
const SIZES = [430, 4_300] as const;

/** Ten times the events: does it take ten times the time? And what do two threads bring? */
export function scale(folder: string): string {
  const [small, large] = SIZES.map((users) => measureSize(users, folder));
  if (small === undefined || large === undefined) throw new Error("two sizes are compared");
  const events = (size: Size) => Number(size.cold[0]?.answer.events);
  const seconds = (runs: readonly Measured[], stage: string) => medianOf(secondsOf(runs, stage));
  const total = (size: Size) => seconds(size.cold, "total");
  const exponent = Math.log(total(large) / total(small)) / Math.log(events(large) / events(small));
  const arithmetic = Array.from(
    { length: REPETITIONS },
    () => measureNode([TWO_THREADS], folder).answer.gain as number,
  );
  return [
    table(
      ["known events", "s to read", "recover and write", "fold, 25 cutoffs", "all (median of three)", "peak MiB"],
      [small, large].map((size) => [
        events(size).toLocaleString("en"),
        ...["read", "recover", "fold", "total"].map((stage) => seconds(size.cold, stage).toFixed(2)),
        medianOf(size.cold.map((run) => run.peakMiB)).toFixed(0),
      ]),
    ),
    table(
      ["figure", "", "target"],
      [
        ["5 M events: seconds", total(large).toFixed(1), "< 60"],
        ["5 M events: peak MiB", medianOf(large.cold.map((run) => run.peakMiB)).toFixed(0), "≤ 2,048"],
        ["exponent of time over events", exponent.toFixed(2), "≤ 1.05"],
        [
          "fold of 5 M events on one thread ÷ on two",
          (seconds(large.oneThread, "fold") / seconds(large.allThreads, "fold")).toFixed(2),
          "≥ 1.6",
        ],
        ["arithmetic alone on one thread ÷ on two, the threads warm", medianOf(arithmetic).toFixed(2), "–"],
      ],
    ),
  ].join("\n");
}

interface Size {
  readonly cold: Measured[];
  readonly oneThread: Measured[];
  readonly allThreads: Measured[];
}

function measureSize(users: number, folder: string): Size {
  const log = join(folder, `scale-${users}.jsonl`);
  const home = join(folder, "home-scale");
  const size = ["--users", String(users), "--days", "63", "--seed", "9", "--out", log];
  measureNode(["dist/cli/main.js", "simulate", ...size, "--quiet"], folder);
  const runs: Size = { cold: [], oneThread: [], allThreads: [] };
  for (let i = 0; i < REPETITIONS; i++) {
    rmSync(home, { recursive: true, force: true });
    runs.cold.push(measureNode([ONCE, home, log], folder));
    runs.oneThread.push(measureNode([ONCE, home, "-", "25", "1"], folder));
    runs.allThreads.push(measureNode([ONCE, home, "-"], folder));
  }
  rmSync(log);
  rmSync(home, { recursive: true, force: true });
  return runs;
}
