import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { measureNode, measurePeer, PEERS, table } from "../measure.js";

const MAIN = fileURLToPath(new URL("../../../dist/cli/main.js", import.meta.url));
const MODELS = ["logistic", "forest", "boosting", "xgboost"] as const;

/** The reference system's search over all its settings, on features of a log of 225 users (SIMULATED by the peers' generator). */
export function referenceGrid(python: string, folder: string): string {
  const log = join(folder, "log.jsonl");
  const features = join(folder, "features.csv");
  const run = (name: string, ...args: string[]) =>
    execFileSync(python, [join(PEERS, name), ...args], { stdio: "ignore" });
  run("generate_log.py", "--users", "225", "--seed", "1", "--out", log, "--truth", join(folder, "truth.csv"));
  run("batch_features.py", "--events", log, "--out", features);
  const roles = ["--label", "is_churned", "--id", "userId"];
  const what = ["--protocol", "whole-history", "--search", "grid", "--seeds", "0", "--models", MODELS.join(",")];
  const home = ["--home", join(folder, "grid-home")];
  const ours = measureNode([MAIN, ...home, "train", "--table", features, ...roles, ...what, "--threads", "2"], folder);
  const theirs = measurePeer(python, [join(PEERS, "train_models.py"), "--features", features, "--grid", "full"]);
  const search = Object.values(theirs.answer.seconds as Record<string, number>).reduce((sum, one) => sum + one, 0);
  return [
    "### The reference's full grid: 168 + 324 + 81 + 36 settings, five folds, two jobs\n",
    table(
      ["program", "s"],
      [
        ["`refrain train`, from its start to its end, audits too", ours.seconds.toFixed(1)],
        ["`train_models.py --grid full`, searches alone", search.toFixed(1)],
      ],
    ),
    `Theirs ÷ ours: ${(search / ours.seconds).toFixed(1)} (target ≥ 5).\n`,
  ].join("\n");
}
