import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { provenance } from "./machine.js";
import { type Measured, measureNode, measurePeer, spread, table } from "./measure.js";

/**
 * `npm run bench:batch [-- --small | --all]`: from a log to features beside the pandas programs of ../shared/peers, by turns on the
 * same file. PYTHON is an interpreter with their requirements. The logs are SIMULATED, by the peers' own generator. `--all` adds
 * the slow reference style on the large log (3 minutes, 10 GB).
 */

const REPETITIONS = 3;
const PHOTOGRAPHS = 25;
const ONCE = fileURLToPath(new URL("./features-once.js", import.meta.url));
const PEERS = resolve("../shared/peers");
const python = process.env.PYTHON ?? "python3";
const options = new Set(process.argv.slice(2));

interface Log {
  readonly name: string;
  readonly users: number;
  readonly seed: number;
  readonly withReferenceStyle: boolean;
}

function measureLog({ name, users, seed, withReferenceStyle }: Log, folder: string): string {
  const log = join(folder, `${name}.jsonl`);
  const generator = ["--users", `${users}`, "--seed", `${seed}`, "--out", log, "--truth", join(folder, "truth.csv")];
  execFileSync(python, [join(PEERS, "generate_log.py"), ...generator], { stdio: "ignore" });
  const peer = (...more: string[]) =>
    measurePeer(python, [
      join(PEERS, "batch_features.py"),
      "--events",
      log,
      "--out",
      join(folder, "peer.csv"),
      ...more,
    ]);
  const home = join(folder, "home");
  const cold: Measured[] = [];
  const fromLake: Measured[] = [];
  const one: Measured[] = [];
  const oneThread: Measured[] = [];
  const vectorised: Measured[] = [];
  for (let i = 0; i < REPETITIONS; i++) {
    rmSync(home, { recursive: true, force: true });
    cold.push(measureNode([ONCE, home, log], folder));
    vectorised.push(peer());
    fromLake.push(measureNode([ONCE, home, "-"], folder));
    one.push(measureNode([ONCE, home, "-", "1"], folder));
    oneThread.push(measureNode([ONCE, home, "-", "25", "1"], folder));
  }
  const reference = withReferenceStyle ? peer("--style", "seed") : null;
  const cold1 = median(cold, "total");
  const pandas1 = median(vectorised, "total") - median(vectorised, "write");
  const photograph = median(vectorised, "features");
  const pandas25 = pandas1 + (PHOTOGRAPHS - 1) * photograph;
  const lake = median(fromLake, "total");
  const ratios = [
    ["ours, cold, ÷ one vectorised photograph", cold1 / pandas1, "≤ 1 (aim 0.6)"],
    ["25 vectorised photographs ÷ ours, cold", pandas25 / cold1, "≥ 3"],
    [
      "25 vectorised photographs without load and recovery ÷ ours from the lake",
      (PHOTOGRAPHS * photograph) / lake,
      "–",
    ],
    ["25 vectorised photographs with load and recovery once ÷ ours from the lake", pandas25 / lake, "≥ 10 (large)"],
    [
      "our peak memory ÷ its",
      medianOf(cold.map((run) => run.peakMiB)) / medianOf(vectorised.map((run) => run.peakMiB)),
      "≤ 1 (large)",
    ],
    ["25 cutoffs ÷ one cutoff, fold", median(fromLake, "fold") / median(one, "fold"), "< 2"],
    ["fold on one thread ÷ on all", median(oneThread, "fold") / median(fromLake, "fold"), "≥ 1.6"],
    ...(reference === null
      ? []
      : [
          [
            "one photograph in reference style ÷ ours, cold",
            secondsOf(reference, "total") / cold1,
            "≥ 6 small, ≥ 12 large",
          ] as const,
        ]),
  ] as const;
  const { lines, rows, features } = cold[0]?.answer ?? {};
  return [
    `### The ${name} log: ${users} users, ${lines} lines; ours ${rows} rows × ${features} features\n`,
    table(
      ["seconds without start and imports", "min", "median", "max"],
      [
        ...["ingest", "recover", "read", "fold", "total"].map((stage) => row(`Refrain, cold: ${stage}`, cold, stage)),
        row("Refrain, from the lake: total", fromLake, "total"),
        ...["load", "recover", "features", "total"].map((stage) =>
          row(`pandas, vectorised: ${stage}`, vectorised, stage),
        ),
        ...(reference === null ? [] : [row("pandas, reference style: total (one run)", [reference], "total")]),
      ],
    ),
    table(
      ["peak MiB", "min", "median", "max"],
      [
        [
          "Refrain, cold",
          ...spread(
            cold.map((run) => run.peakMiB),
            0,
          ),
        ],
        [
          "pandas, vectorised",
          ...spread(
            vectorised.map((run) => run.peakMiB),
            0,
          ),
        ],
      ],
    ),
    table(
      ["ratio of medians", "figure", "target"],
      ratios.map(([what, value, target]) => [what, value.toFixed(2), target]),
    ),
  ].join("\n");
}

function secondsOf(run: Measured, stage: string): number {
  return (run.answer.seconds as Record<string, number>)[stage] ?? Number.NaN;
}

function medianOf(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

const median = (runs: readonly Measured[], stage: string): number => medianOf(runs.map((run) => secondsOf(run, stage)));

const row = (name: string, runs: readonly Measured[], stage: string): string[] => [
  name,
  ...spread(
    runs.map((run) => secondsOf(run, stage)),
    2,
  ),
];

if (!existsSync(PEERS)) throw new Error("../shared/peers is not there: there is nothing to measure beside");
const folder = mkdtempSync(join(tmpdir(), "refrain-bench-"));
try {
  console.log(`${provenance(["npm run bench:batch", ...options].join(" "))}\n`);
  console.log(measureLog({ name: "small", users: 225, seed: 1, withReferenceStyle: true }, folder));
  if (!options.has("--small")) {
    console.log(measureLog({ name: "large", users: 1800, seed: 2, withReferenceStyle: options.has("--all") }, folder));
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
