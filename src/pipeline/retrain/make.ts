import { RefrainError } from "../../base/errors.js";
import type { World } from "../../base/world.js";
import type { Search } from "../../evaluate/search/settings.js";
import { POINT_IN_TIME_SHAPE } from "../../evaluate/splits.js";
import { LABELS } from "../../labels/labels.js";
import { ESTIMATOR_NAMES } from "../../models/registered.js";
import type { ModelFile } from "../../registry/model-file.js";
import { keepReference } from "../../registry/reference-file.js";
import { isLabelName } from "../../schema/label-words.js";
import { loadEvents } from "../recover.js";
import type { TrainOptions } from "../train/options.js";
import { type Candidate, makeCandidate, refit } from "./candidate.js";

/** Makes the models of a retraining, of the lake as it is then. Fails as `makeCandidate` does, and with NO_DATA. */
export interface MakeCandidate {
  candidate(champion: ModelFile, positivesMin: number, world: World): Promise<Candidate>;
  /** The candidate fitted again on all data. */
  refit(candidate: ModelFile, champion: ModelFile, world: World): Promise<ModelFile>;
}

/** How candidates are trained, beyond what the champion says. */
export interface CandidateRule {
  /** Null: those that the champion was chosen from. */
  readonly models: readonly string[] | null;
  readonly search: Search;
  /** Cutoffs of so many last days are learned from; null: of all. */
  readonly trailingDays: number | null;
}

/** Label, horizon and risk set are the champion's. */
export function optionsLike(champion: ModelFile, rule: CandidateRule, world: World): TrainOptions {
  const { label: known, riskSet, evidence, estimator } = champion;
  if (!isLabelName(known.name)) {
    const advice = "Train on the lake with refrain train: only such a champion can be trained anew.";
    throw new RefrainError("VALUE_BAD", { name: "the champion's label", value: known.name, advice });
  }
  const label = LABELS[known.name](known);
  const chosenFrom = evidence?.candidates.map(({ model }) => model) ?? [estimator];
  const { cutoffs } = POINT_IN_TIME_SHAPE;
  const { trailingDays } = rule;
  return {
    models: rule.models ?? chosenFrom.filter((name) => ESTIMATOR_NAMES.some((known) => known === name)),
    search: rule.search,
    seeds: null,
    label,
    shape: {
      ...POINT_IN_TIME_SHAPE,
      horizon: label.window,
      cutoffs: {
        ...cutoffs,
        ...(trailingDays === null ? {} : { trailingDays }),
        minHistoryDays: riskSet?.minHistoryDays ?? cutoffs.minHistoryDays,
        seed: world.seed,
      },
    },
  };
}

/** In this thread: nothing else is done meanwhile. */
export function makeHere(home: string, rule: CandidateRule): MakeCandidate {
  return {
    async candidate(champion, positivesMin, world) {
      const options = optionsLike(champion, rule, world);
      const { made, reference } = await makeCandidate(
        await loadEvents(home, world),
        { champion, options, positivesMin },
        world,
      );
      if (reference !== null) keepReference(home, made.model.version, reference);
      return made;
    },
    async refit(candidate, champion, world) {
      const options = optionsLike(champion, rule, world);
      const { made, reference } = await refit(await loadEvents(home, world), candidate, options, world);
      if (reference !== null) keepReference(home, made.version, reference);
      return made;
    },
  };
}
