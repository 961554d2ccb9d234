import type { Matrix } from "../../base/matrix.js";
import { seededRng } from "../../base/rng.js";
import type { World } from "../../base/world.js";
import type { Learner, Params } from "../../evaluate/learner.js";
import { crossPredict, foldsOf, overFolds, type ShuffledData } from "../../evaluate/shuffled.js";
import { stratifiedFolds } from "../../evaluate/stratified-folds.js";
import type { Spread, StabilityDocument } from "../../schema/selection-document.js";
import { pause } from "./pause.js";

type Shown = "f1" | "rocAuc" | "averagePrecision";

/** One setting on shuffles that tuning has not seen, the learner's own draws anew too: over `seeds` means of folds, and over all folds. */
export async function stabilityOverShuffles(
  { x, y, folds }: { readonly x: Matrix; readonly y: Uint8Array; readonly folds: number },
  { learner, params, seeds }: { readonly learner: Learner; readonly params: Params; readonly seeds: number },
  world: World,
): Promise<StabilityDocument> {
  const bySeed: Record<Shown, number[]>[] = [];
  for (let i = 0; i < seeds; i++) {
    await pause(world);
    const foldOf = stratifiedFolds(y, folds, seededRng(world.seed).fork(`fresh-folds-${i}`));
    const data: ShuffledData = { x, y, foldOf, folds };
    const p = crossPredict(foldsOf(data)(1), { learner, params }, { ...world, seed: world.seed + i });
    bySeed.push(tableOf((metric) => overFolds(data, p, metric)));
  }
  return spreads(bySeed);
}

/** @param bySeed each seed's values, one a fold or block */
export function spreads(bySeed: readonly Readonly<Record<Shown, readonly number[]>>[]): StabilityDocument {
  const means = (metric: Shown) => spread(bySeed.map((own) => meanOf(own[metric])));
  return {
    seeds: bySeed.length,
    ...tableOf(means),
    overFolds: tableOf((metric) => spread(bySeed.flatMap((own) => own[metric]))),
  };
}

function tableOf<T>(of: (metric: Shown) => T): Record<Shown, T> {
  return { f1: of("f1"), rocAuc: of("rocAuc"), averagePrecision: of("averagePrecision") };
}

function spread(values: readonly number[]): Spread {
  const mean = meanOf(values);
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, sd: values.length < 2 ? 0 : Math.sqrt(squares / (values.length - 1)) };
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
