import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { provenance } from "./machine.js";
import { table } from "./measure.js";
import { type Made, makeWorld, measureWorld, type WorldFigures } from "./world-figures.js";

/**
 * `npm run bench:worlds`: how much of what can be known about churn does a model know? SIMULATED `steady` worlds; each model
 * is trained on one and tested on all users of another. Options: `--train` and `--fresh` seeds, in pairs; `--users` and
 * `--fresh-users`; `--models`; `--cache FOLDER` keeps the homes and uses those that are there.
 */

const { values } = parseArgs({
  options: {
    train: { type: "string", default: "1001,1002,1003,1004,1005" },
    fresh: { type: "string", default: "2001,2002,2003,2004,2005" },
    users: { type: "string", default: "2000" },
    "fresh-users": { type: "string", default: "5000" },
    models: { type: "string", default: "logistic" },
    cache: { type: "string" },
  },
});
const folder = values.cache ?? mkdtempSync(join(tmpdir(), "refrain-worlds-"));
const seedsOf = (list: string) => list.split(",").map(Number);
const fresh = seedsOf(values.fresh);
try {
  const rows: WorldFigures[] = [];
  for (const [i, seed] of seedsOf(values.train).entries()) {
    const training = await makeWorld(folder, Number(values.users), seed);
    const tested = await makeWorld(folder, Number(values["fresh-users"]), fresh[i] ?? Number.NaN);
    for (const model of values.models.split(",")) {
      const figures = await measureWorld(training, tested, model);
      rows.push(figures);
      console.error(JSON.stringify(figures));
    }
    if (values.cache === undefined) for (const made of [training, tested]) forget(made);
  }
  print(rows);
} finally {
  if (values.cache === undefined) rmSync(folder, { recursive: true, force: true });
}

function forget({ home }: Made): void {
  rmSync(home, { recursive: true, force: true });
}

function print(rows: readonly WorldFigures[]): void {
  const command = `npm run bench:worlds -- ${process.argv.slice(2).join(" ")}`;
  console.log(`${provenance(command.replace(/ --cache \S+/, "").replace(/ --\s*$/, ""))}\n`);
  const within = ({ low, high }: { low: number; high: number }) => `${low.toFixed(3)} – ${high.toFixed(3)}`;
  console.log(
    table(
      [
        "worlds",
        "model",
        "AUC",
        "attainable",
        "share",
        "slope",
        "Brier skill, 95%",
        "mean p ÷ churned",
        "ECE",
        "95th percentile if calibrated",
      ],
      rows.map((row) => [
        row.worlds,
        row.model,
        row.auc.toFixed(3),
        row.attainable.toFixed(3),
        row.share.toFixed(3),
        row.slope.toFixed(2),
        `${row.skill.toFixed(3)} (${within(row.skillInterval)})`,
        row.level.toFixed(2),
        row.ece.toFixed(4),
        row.eceExpected.toFixed(4),
      ]),
    ),
  );
  for (const model of new Set(rows.map((row) => row.model))) {
    const shares = rows.filter((row) => row.model === model).map((row) => row.share);
    console.log(`${model}: mean share of what is attainable above chance ${(sum(shares) / shares.length).toFixed(3)}.`);
  }
  console.log(
    `Settings: ${rows.map((row) => row.setting).join("; ")}. Kinds: ${rows.map((row) => row.kinds).join(", ")}.`,
  );
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, value) => total + value, 0);
}
