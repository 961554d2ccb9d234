import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Measured, measureNode, measurePeer, medianOf, PEERS, secondsOf, spread, table } from "./measure.js";

const PHOTOGRAPHS = 25;
const ONCE = fileURLToPath(new URL("./features-once.js", import.meta.url));
const FLOOR = fileURLToPath(new URL("./parse-floor.js", import.meta.url));

/** A log of the peers' own generator, SIMULATED. */
export interface PeerLog {
  readonly name: string;
  readonly users: number;
  readonly seed: number;
  readonly repetitions: number;
  /** Whether the slow reference style is run too: 3 minutes and 10 GB on the large log. */
  readonly withReferenceStyle: boolean;
}

interface Runs {
  readonly cold: Measured[];
  readonly fromLake: Measured[];
  readonly oneCutoff: Measured[];
  readonly oneThread: Measured[];
  readonly floor: Measured[];
  readonly pandas: Measured[];
  readonly reference: Measured | null;
}

/** From a log to features, ours and the pandas program's by turns on the same file. */
export function besidePandas(log: PeerLog, python: string, folder: string): string {
  const runs = measureLog(log, python, folder);
  const { events, rows, features } = runs.cold[0]?.answer ?? {};
  const lines = runs.floor[0]?.answer.lines;
  return [
    `### The ${log.name} log: ${log.users} users, ${lines} lines; ours ${events} known events, ${rows} rows × ${features} features\n`,
    stagesOf(runs),
    table(
      ["ratio of medians", "figure", "target"],
      ratiosOf(runs).map(([what, value, target]) => [what, value.toFixed(2), target]),
    ),
  ].join("\n");
}

function measureLog({ name, users, seed, repetitions, withReferenceStyle }: PeerLog, python: string, folder: string) {
  const log = join(folder, `${name}.jsonl`);
  const generator = ["--users", `${users}`, "--seed", `${seed}`, "--out", log, "--truth", join(folder, "truth.csv")];
  execFileSync(python, [join(PEERS, "generate_log.py"), ...generator], { stdio: "ignore" });
  const program = [join(PEERS, "batch_features.py"), "--events", log, "--out", join(folder, "peer.csv")];
  const home = join(folder, "home");
  const runs: Omit<Runs, "reference"> = { cold: [], fromLake: [], oneCutoff: [], oneThread: [], floor: [], pandas: [] };
  for (let i = 0; i < repetitions; i++) {
    rmSync(home, { recursive: true, force: true });
    runs.cold.push(measureNode([ONCE, home, log], folder));
    runs.pandas.push(measurePeer(python, program));
    runs.fromLake.push(measureNode([ONCE, home, "-"], folder));
    runs.oneCutoff.push(measureNode([ONCE, home, "-", "1"], folder));
    runs.oneThread.push(measureNode([ONCE, home, "-", "25", "1"], folder));
    runs.floor.push(measureNode([FLOOR, log], folder));
  }
  const reference = withReferenceStyle ? measurePeer(python, [...program, "--style", "seed"]) : null;
  rmSync(log);
  rmSync(home, { recursive: true, force: true });
  return { ...runs, reference };
}

function stagesOf({ cold, fromLake, floor, pandas, reference }: Runs): string {
  const row = (name: string, runs: readonly Measured[], stage: string) => [
    name,
    ...spread(secondsOf(runs, stage), 2),
    ...(stage === "total"
      ? spread(
          runs.map((run) => run.peakMiB),
          0,
        )
      : ["", "", ""]),
  ];
  return table(
    ["seconds without start and imports", "min", "median", "max", "peak MiB min", "median", "max"],
    [
      row("Refrain, cold: lines read, checked and sorted", cold, "read"),
      row("Refrain, cold: recovery, while the lake is written", cold, "recover"),
      row("Refrain, cold: fold", cold, "fold"),
      row("Refrain, cold: all", cold, "total"),
      row("Refrain, from the lake: all", fromLake, "total"),
      row("JSON.parse of every line in two threads, and nothing else", floor, "total"),
      ...["load", "recover", "features"].map((stage) => row(`pandas, vectorised: ${stage}`, pandas, stage)),
      row("pandas, vectorised: all", pandas, "total"),
      ...(reference === null ? [] : [row("pandas, reference style: all (one run)", [reference], "total")]),
    ],
  );
}

function ratiosOf({ cold, fromLake, oneCutoff, oneThread, floor, pandas, reference }: Runs) {
  const median = (runs: readonly Measured[], stage: string) => medianOf(secondsOf(runs, stage));
  const peak = (runs: readonly Measured[]) => medianOf(runs.map((run) => run.peakMiB));
  const ours = median(cold, "total");
  const once = median(pandas, "total") - median(pandas, "write");
  const photograph = median(pandas, "features");
  const often = once + (PHOTOGRAPHS - 1) * photograph;
  const lake = median(fromLake, "total");
  const ratios: (readonly [string, number, string])[] = [
    ["ours, cold, ÷ one vectorised photograph", ours / once, "≤ 1 (aim 0.6)"],
    ["25 vectorised photographs ÷ ours, cold", often / ours, "≥ 3"],
    ["25 vectorised photographs, with load and recovery, ÷ ours from the lake", often / lake, "≥ 10 (large)"],
    ["25 vectorised photographs alone ÷ ours from the lake", (PHOTOGRAPHS * photograph) / lake, "–"],
    ["our peak memory ÷ its", peak(cold) / peak(pandas), "≤ 1 (large)"],
    ["25 cutoffs ÷ one cutoff, fold", median(fromLake, "fold") / median(oneCutoff, "fold"), "< 2"],
    ["fold on one thread ÷ on all", median(oneThread, "fold") / median(fromLake, "fold"), "≥ 1.6"],
    ["ours, cold, ÷ JSON.parse alone", ours / median(floor, "total"), "–"],
  ];
  if (reference === null) return ratios;
  const slow = median([reference], "total") / ours;
  return [...ratios, ["one photograph in reference style ÷ ours, cold", slow, "≥ 6 small, ≥ 12 large"] as const];
}
