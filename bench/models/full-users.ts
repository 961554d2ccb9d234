import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join, resolve } from "node:path";
import { asInstant } from "#src/base/time.js";
import { averagePrecision, rocAuc } from "#src/evaluate/metrics.js";
import { learnerFor } from "#src/pipeline/train/learners.js";
import { readFullUsers } from "../../harness/full-users.js";
import { spread, table } from "../measure.js";

const SHARED = resolve("../shared");
const SEEDS = [1, 2, 3, 4, 5];
/** Our models, and the libraries' with the same hyperparameters; none for what they have no counterpart of. */
const COUNTERPARTS: Readonly<Record<string, string | null>> = {
  logistic: "LogisticRegression",
  forest: "RandomForestClassifier",
  boosting: "GradientBoostingClassifier",
  xgboost: "XGBoost",
  ensemble: null,
};

type Expected = Readonly<Record<string, Record<"rocAuc" | "averagePrecision", { readonly mean: number }>>>;

/** The real users table, fitted and tested on the parts that the libraries' figures are of, with their settings: five seeds. */
export async function fullUsers(): Promise<string> {
  const { train, test } = await readFullUsers(SHARED);
  const text = readFileSync(join(SHARED, "reference/models-auc.json"), "utf8");
  const { testSet } = (JSON.parse(text) as { expected: { testSet: Expected } }).expected;
  const user = Int32Array.from(train.y.keys());
  const rows = Object.entries(COUNTERPARTS).map(([name, counterpart]) => {
    const learner = learnerFor({ name, features: null, resample: "none" });
    const runs = SEEDS.map((seed) => {
      const fitted = learner.fit({ ...train, user, users: user.length }, learner.defaults, worldOf(seed));
      const scored = { y: test.y, p: fitted.predict(test.x) };
      return { auc: rocAuc(scored), ap: averagePrecision(scored) };
    });
    const theirs = counterpart === null ? undefined : testSet[counterpart];
    const apart = (own: readonly number[], mean: number | undefined) =>
      mean === undefined
        ? ""
        : (spread(
            own.map((value) => value - mean),
            4,
          )[0] ?? "");
    const aucs = runs.map((run) => run.auc);
    const aps = runs.map((run) => run.ap);
    return [
      name,
      spread(aucs, 4).join(" / "),
      theirs?.rocAuc.mean.toFixed(4) ?? "",
      apart(aucs, theirs?.rocAuc.mean),
      spread(aps, 4).join(" / "),
      theirs?.averagePrecision.mean.toFixed(4) ?? "",
      apart(aps, theirs?.averagePrecision.mean),
    ];
  });
  const head = [
    "model",
    "AUC, min / median / max",
    "library's",
    "least − it",
    "AP, min / median / max",
    "library's",
    "least − it",
  ];
  return `### Real users, ${train.y.length} to learn from, ${test.y.length} to test on; five seeds (targets: least − it ≥ −0.005)\n\n${table(head, rows)}`;
}

function worldOf(seed: number) {
  return {
    now: () => asInstant(0),
    seed,
    threads: availableParallelism(),
    log: { debug() {}, info() {}, warn() {} },
    signal: { aborted: false },
  };
}
