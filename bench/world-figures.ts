import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { seededRng } from "#src/base/rng.js";
import { asInstant } from "#src/base/time.js";
import type { World } from "#src/base/world.js";
import { rowsAt, takeDataset } from "#src/evaluate/dataset.js";
import { nestedFit, predictNested } from "#src/evaluate/nested-fit.js";
import { scoreCard } from "#src/evaluate/score-card.js";
import type { Search } from "#src/evaluate/search/settings.js";
import { DEFAULT_SEED, POINT_IN_TIME_SHAPE } from "#src/evaluate/splits.js";
import { cancellation } from "#src/labels/cancellation.js";
import type { LogisticState } from "#src/models/logistic.js";
import { ingest } from "#src/pipeline/ingest.js";
import { loadEvents, recover } from "#src/pipeline/recover.js";
import { simulateToFiles } from "#src/pipeline/simulate.js";
import { learnerFor } from "#src/pipeline/train/learners.js";
import { prepare } from "#src/pipeline/train/prepare.js";
import { SIMULATE_DEFAULTS } from "#src/simulate/options.js";

const DAYS = 63;
/** A row given back to a wrong user can bring him into the risk set, or keep him there. */
const ROWS_APART_MAX = 0.001;
const silent = { debug() {}, info() {}, warn() {} };
const world: World = {
  now: () => asInstant(Date.now()),
  seed: DEFAULT_SEED,
  threads: availableParallelism(),
  log: silent,
  signal: { aborted: false },
};

/** A simulated log in a home, and what `simulate` said of it. */
export interface Made {
  readonly home: string;
  readonly name: string;
  readonly attainable: number;
  readonly testRows: number;
}

export interface WorldFigures {
  readonly worlds: string;
  readonly model: string;
  readonly auc: number;
  readonly attainable: number;
  /** (AUC − ½) ÷ (attainable AUC − ½). */
  readonly share: number;
  readonly slope: number;
  readonly skill: number;
  readonly skillInterval: { readonly low: number; readonly high: number };
  readonly ece: number;
  readonly eceExpected: number;
  /** Mean probability ÷ share that churned. */
  readonly level: number;
  readonly setting: string;
  readonly kinds: number;
}

/** Simulates, ingests and recovers a `steady` world, unless it is there. */
export async function makeWorld(folder: string, users: number, seed: number): Promise<Made> {
  const name = `${users}-${seed}`;
  const home = join(folder, name);
  const notes = `${home}.json`;
  if (!existsSync(notes)) {
    mkdirSync(folder, { recursive: true });
    rmSync(home, { recursive: true, force: true });
    const out = `${home}.jsonl`;
    const summary = await simulateToFiles(
      { ...SIMULATE_DEFAULTS, users, days: DAYS, seed },
      { out, truth: null },
      world,
    );
    await ingest(home, [out], {}, world);
    await recover(home, null, world);
    rmSync(out);
    writeFileSync(notes, JSON.stringify(summary));
  }
  const { attainableAuc, testRows } = JSON.parse(readFileSync(notes, "utf8"));
  return { home, name, attainable: Number(attainableAuc), testRows: Number(testRows) };
}

const MEASURED = { label: cancellation, shape: POINT_IN_TIME_SHAPE };

/**
 * Fits what `train` would register of a model for one world (logistic regression tuned, others with their defaults for snapshots;
 * calibrated; audits, which change no model, left out), and scores the other at the cutoffs that its own protocol tests on.
 */
export async function measureWorld(training: Made, tested: Made, model: string): Promise<WorldFigures> {
  const fit = await trained(training, model);
  const { data, tests } = await prepare(await loadEvents(tested.home, world), MEASURED, world);
  const rows = takeDataset(
    data,
    rowsAt(
      data,
      tests.flatMap(({ test }) => test),
    ),
  );
  if (Math.abs(rows.y.length / tested.testRows - 1) > ROWS_APART_MAX) {
    throw new Error(`${rows.y.length} rows, but ${tested.testRows} were simulated`);
  }
  const p = predictNested(fit, rows);
  const flagged = Uint8Array.from(p, (value) => (value >= fit.threshold.value ? 1 : 0));
  const { metrics, intervals } = scoreCard({ ...rows, p, flagged }, seededRng(world.seed).fork("worlds"));
  const auc = metrics.rocAuc ?? Number.NaN;
  return {
    worlds: `${training.name} → ${tested.name}`,
    model,
    auc,
    attainable: tested.attainable,
    share: (auc - 0.5) / (tested.attainable - 0.5),
    slope: metrics.calibrationSlope ?? Number.NaN,
    skill: metrics.brierSkill ?? Number.NaN,
    skillInterval: intervals.brierSkill ?? { low: Number.NaN, high: Number.NaN },
    ece: metrics.ece ?? Number.NaN,
    eceExpected: metrics.eceExpected ?? Number.NaN,
    level: mean(p) / mean(rows.y),
    setting: model === "logistic" ? `${fit.params.features} ${fit.params.CPerUser}` : "its defaults for snapshots",
    kinds: (fit.fitted.state as Partial<LogisticState>).kinds?.mixture.shares.length ?? 0,
  };
}

async function trained({ home }: Made, model: string) {
  const { data, cutoffs, shape } = await prepare(await loadEvents(home, world), MEASURED, world);
  const learner = learnerFor({ name: model, features: data.features, resample: "none" });
  const plan = { learner, trainCutoffs: cutoffs, horizon: shape.horizon, search: searchOf(model) };
  const fit = nestedFit(data, plan, world);
  if (!fit) throw new Error(`${home} has too few churned users to learn from`);
  return fit;
}

/** What others than the default model are tuned to costs a training of it for each setting. */
function searchOf(model: string): Search {
  return model === "logistic" ? "grid" : "none";
}

function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] ?? 0;
  return sum / values.length;
}
