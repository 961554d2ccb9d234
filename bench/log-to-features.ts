import { existsSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { type Measured, measureNode, measurePeer, spread, table } from "./measure.js";

const REPETITIONS = 3;
const ONCE = fileURLToPath(new URL("./features-once.js", import.meta.url));
const PEER = resolve("../shared/peers/batch_features.py");

/** (a) A log file to features, ours and the peer's by turns in the same run; a table of whole processes, and of our stages. */
export function logToFeatures(log: string, folder: string): string {
  const python = process.env.PYTHON ?? "python3";
  const ours: Measured[] = [];
  const peers: Measured[] = [];
  let absent = existsSync(PEER) ? null : "../shared/peers is not there";
  for (let i = 0; i < REPETITIONS; i++) {
    const home = join(folder, `home-${i}`);
    ours.push(measureNode([ONCE, home, log], folder));
    rmSync(home, { recursive: true });
    if (absent !== null) continue;
    try {
      peers.push(measurePeer(python, [PEER, "--events", log, "--out", join(folder, "peer.csv")]));
    } catch (error) {
      absent = error instanceof Error ? error.message : String(error);
    }
  }
  const { lines, rows, features, cutoffs } = ours[0]?.answer ?? {};
  const stages = Object.keys(secondsOf(ours[0]));
  return [
    `${lines} lines → ${rows} rows of ${features} features at ${cutoffs} cutoffs (ours), one photograph of 46 features at the end (pandas).`,
    "",
    table(
      ["whole process", "s min", "median", "max", "peak MiB min", "median", "max"],
      [row("Refrain", ours), ...(peers.length === 0 ? [] : [row("pandas, batch_features.py", peers)])],
    ),
    ...(absent === null ? [] : [`The peer was left out: ${absent}.\n`]),
    table(
      ["stage of ours", "s min", "median", "max"],
      stages.map((name) => [
        name,
        ...spread(
          ours.map((one) => secondsOf(one)[name] ?? Number.NaN),
          2,
        ),
      ]),
    ),
    table(["process start alone", "s min", "median", "max"], starts(folder, peers.length === 0 ? null : python)),
  ].join("\n");
}

const row = (name: string, runs: readonly Measured[]): string[] => [
  name,
  ...spread(
    runs.map((one) => one.seconds),
    2,
  ),
  ...spread(
    runs.map((one) => one.peakMiB),
    0,
  ),
];

function secondsOf(one: Measured | undefined): Record<string, number> {
  return (one?.answer.seconds ?? {}) as Record<string, number>;
}

function starts(folder: string, python: string | null): string[][] {
  const repeat = (run: () => Measured) =>
    spread(
      Array.from({ length: REPETITIONS }, () => run().seconds),
      2,
    );
  return [
    ["node, nothing", ...repeat(() => measureNode(["--eval", "0"], folder))],
    ["refrain --version", ...repeat(() => measureNode(["dist/cli/main.js", "--version"], folder))],
    ...(python === null
      ? []
      : [
          ["python, import pandas and pyarrow", ...repeat(() => measurePeer(python, ["-c", "import pandas, pyarrow"]))],
        ]),
  ];
}
