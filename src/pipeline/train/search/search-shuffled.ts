import { seededRng } from "../../../base/rng.js";
import type { World } from "../../../base/world.js";
import type { Learner, Params } from "../../../evaluate/learner.js";
import { leaderboard } from "../../../evaluate/search/leaderboard.js";
import { settingsOf } from "../../../evaluate/search/settings.js";
import type { SearchOutcome } from "../../../evaluate/search/steps.js";
import type { ShuffledData } from "../../../evaluate/shuffled.js";
import { sha256 } from "../../../registry/model-file.js";
import type { SelectionDocument } from "../../../schema/selection-document.js";
import type { LearnerSpec } from "../learners.js";
import type { CandidateOptions } from "../options.js";
import type { Recipe } from "../recipes.js";
import { NO_JOURNALS } from "./journal.js";
import { runSearch } from "./run-search.js";
import { trialPool } from "./trial-pool.js";

export interface ShuffledSearch extends CandidateOptions {
  readonly learner: Learner;
  readonly spec: LearnerSpec;
  readonly recipe: Recipe;
  readonly untilMs: number | null;
}

export interface ShuffledChoice {
  readonly params: Params;
  /** Out of fold, in row order: on the folds that chose. */
  readonly p: Float64Array;
  readonly selection: SelectionDocument | null;
}

/** Tuning on the folds that report: what the reference does, and what flatters its result; the leaderboard says by how much. */
export async function searchShuffled(
  { data, user }: { readonly data: ShuffledData; readonly user: Int32Array },
  search: ShuffledSearch,
  world: World,
): Promise<ShuffledChoice> {
  const { learner, recipe } = search;
  const tuned = { ...learner, grid: recipe.gridOf(learner) };
  const pool = trialPool({ kind: "shuffled", data }, { ...search, trials: tuned.grid.length }, world);
  try {
    const outcome = await runSearch(
      {
        title: learner.name,
        problem: {
          search: search.search,
          settings: settingsOf(tuned, search.search, seededRng(world.seed)),
          loss: (scores) => -recipe.valueOf(data, scores),
        },
        learner: tuned,
        run: (trials) => pool.run({ search: 0, ...trials }),
        journals: search.journals ?? NO_JOURNALS,
        key: sha256(JSON.stringify([search.spec, world.seed]), bytesOf(data.x.data), data.y, data.foldOf),
        untilMs: search.untilMs,
      },
      world,
    );
    return chosen({ data, user }, { outcome: { ...outcome, tried: eligible(outcome, recipe) }, search }, world);
  } finally {
    await pool.close();
  }
}

function eligible({ tried }: SearchOutcome, { defaultsCount }: Recipe): SearchOutcome["tried"] {
  return defaultsCount || tried.length === 1 ? tried : tried.slice(1);
}

function chosen(
  { data, user }: { readonly data: ShuffledData; readonly user: Int32Array },
  { outcome, search }: { readonly outcome: SearchOutcome; readonly search: ShuffledSearch },
  world: World,
): ShuffledChoice {
  const { recipe } = search;
  const values = outcome.tried.map(({ scores }) => recipe.valueOf(data, scores));
  const best = outcome.tried[firstHighest(values)];
  const counted = outcome.tried.map(({ scores }) => recipe.counted(data, scores));
  const selection = leaderboard(
    { ...outcome, search: search.search },
    { y: data.y, user },
    {
      criterion: recipe.criterion,
      choose: (counts) => firstHighest(counted.map((value) => value(counts))),
      metrics: recipe.shown,
    },
    seededRng(world.seed).fork("optimism"),
  );
  return { params: best?.params ?? search.learner.defaults, p: best?.scores ?? new Float64Array(0), selection };
}

function firstHighest(values: readonly number[]): number {
  return values.reduce((best, value, at) => (value > (values[best] ?? Number.NEGATIVE_INFINITY) ? at : best), 0);
}

function bytesOf(values: Float64Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
