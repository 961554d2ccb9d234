import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Measured, measureNode, medianOf, PEERS, table } from "../measure.js";

const ROWS = 100_000;
const COLS = 50;
const TREES = 100;
const FIT = fileURLToPath(new URL("./fit-once.js", import.meta.url));

/** What `xgb_train.py` says of one model. */
interface PeerFit {
  readonly model: string;
  readonly threads: number;
  readonly auc: number;
  readonly fit_s: number;
}

/** Boosted trees and a forest on the peer program's table, ours and theirs by turns on two threads. */
export function besideLibraries(python: string, folder: string, repetitions: number): string {
  const prefix = join(folder, "table");
  const npz = `${prefix}.npz`;
  const make = ["--models", "xgboost", "--rounds", "1", "--threads", "1", "--save", npz];
  execFileSync(python, [join(PEERS, "xgb_train.py"), ...make], { stdio: "ignore" });
  const flatten = `import numpy, sys
d = numpy.load(sys.argv[1])
d["X"].astype("float32").tofile(sys.argv[2] + ".x")
d["y"].astype("uint8").tofile(sys.argv[2] + ".y")`;
  execFileSync(python, ["-c", flatten, npz, prefix]);
  const ours = (model: string, threads: number, params: object) =>
    measureNode(
      [FIT, "--table", prefix, "--model", model, "--threads", `${threads}`, "--params", JSON.stringify(params)],
      folder,
    );
  const theirs = (model: string) => peerFit(python, ["--data", npz, "--models", model, "--threads", "2"]);
  const boosted = { rounds: TREES, maxDepth: 6, eta: 0.1 };
  const xgboost = byTurns(
    repetitions,
    () => ours("xgboost", 2, boosted),
    () => theirs("xgboost"),
  );
  const forest = byTurns(
    1,
    () => ours("forest", 2, { trees: TREES, minSamplesLeaf: 2 }),
    () => theirs("forest"),
  );
  const alone = ours("xgboost", 1, boosted);
  const deep = ours("xgboost", 2, { ...boosted, rounds: 200 });
  return [
    `### ${ROWS} × ${COLS}, of which 80% train; ${TREES} trees, two threads\n`,
    table(
      ["model", "ours, s", "theirs, s", "ours ÷ theirs", "target", "our AUC", "their AUC"],
      [row("XGBoost hist, depth 6", xgboost, "≤ 1.5"), row("random forest", forest, "< 1")],
    ),
    `XGBoost's trees on one thread of ours: ${secondsOf(alone).toFixed(2)} s. One row by 200 trees of depth 6: ${Number(deep.answer.oneRowMicros).toFixed(1)} µs (target < 10).\n`,
  ].join("\n");
}

interface Turns {
  readonly ours: readonly Measured[];
  readonly theirs: readonly PeerFit[];
}

function byTurns(repetitions: number, ours: () => Measured, theirs: () => PeerFit): Turns {
  const runs = Array.from({ length: repetitions }, () => ({ ours: ours(), theirs: theirs() }));
  return { ours: runs.map((run) => run.ours), theirs: runs.map((run) => run.theirs) };
}

function peerFit(python: string, args: readonly string[]): PeerFit {
  const out = execFileSync(python, [join(PEERS, "xgb_train.py"), "--rounds", `${TREES}`, ...args], {
    encoding: "utf8",
  });
  return JSON.parse(out.split("\n")[0] ?? "") as PeerFit;
}

function secondsOf({ answer }: Measured): number {
  return (answer.seconds as { fit: number }).fit;
}

function row(name: string, { ours, theirs }: Turns, target: string): string[] {
  const own = ours.map(secondsOf);
  const peer = theirs.map((fit) => fit.fit_s);
  const ratio = medianOf(own.map((seconds, i) => seconds / (peer[i] ?? Number.NaN)));
  const list = (values: readonly number[]) => values.map((value) => value.toFixed(2)).join(", ");
  const auc = Number(ours[0]?.answer.auc).toFixed(4);
  return [name, list(own), list(peer), ratio.toFixed(2), target, auc, (theirs[0]?.auc ?? Number.NaN).toFixed(4)];
}
