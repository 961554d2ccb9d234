import { takeColumns } from "../../base/matrix.js";
import type { WatchedColumn } from "../../monitor/drift/live-window.js";
import { sizeOf } from "../../monitor/drift/sample.js";
import type { ModelFile } from "../../registry/model-file.js";
import type { ReferenceSnapshots } from "../../registry/reference-file.js";
import type { DriftDocument } from "../../schema/drift-document.js";
import { shownOnlyFeature } from "../drift/shown-only.js";
import type { WindowSamples } from "./window-samples.js";

/** The column of the champion's scores. */
const SCORE = "churn_probability";
/** What a feature counts at least; the strongest counts 1. */
const WEIGHT_MIN = 0.75;
/** Share of the window's users who must be scored, for the scores to be compared. */
const SCORED_SHARE_MIN = 0.8;

interface Watched extends Pick<DriftDocument, "leftOut"> {
  readonly columns: readonly WatchedColumn[];
}

/**
 * The features that a model's reference and the observed rows share, and the model's scores. A feature weighs by its importance in the
 * model: from 0.75, for one that hardly moves a score, to 1.
 */
export function watchedColumns(
  model: Pick<ModelFile, "evidence">,
  reference: ReferenceSnapshots,
  { features, scores, users }: WindowSamples,
): Watched {
  const weightOf = weightsBy(model);
  const columns = reference.features.flatMap((name): WatchedColumn[] => {
    const current = features.get(name);
    if (current === undefined) return [];
    const values = takeColumns(reference.x, [reference.features.indexOf(name)]).data;
    return [{ name, shownOnly: shownOnlyFeature(name), weight: weightOf(name), reference: values, current }];
  });
  const isScored = scores.sorted.length > 0 && scores.sorted.length >= SCORED_SHARE_MIN * sizeOf(scores);
  if (!isScored) {
    const share = sizeOf(scores) === 0 ? 0 : Math.round((100 * scores.sorted.length) / sizeOf(scores));
    return { columns, leftOut: [{ name: SCORE, reason: `the model scored ${share}% of the window's ${users} users` }] };
  }
  // A row without a score was not scored: it says nothing of the scores.
  const current = { ...scores, missing: 0 };
  const score = { reference: reference.score, unseen: reference.unseenScore, current };
  return { columns: [...columns, { name: SCORE, shownOnly: null, weight: 1, ...score }], leftOut: [] };
}

function weightsBy({ evidence }: Pick<ModelFile, "evidence">): (name: string) => number {
  const importance = evidence?.importance ?? [];
  const most = Math.max(0, ...importance.map(({ value }) => value));
  if (most === 0) return () => 1;
  const shares = new Map(importance.map(({ feature, value }) => [feature, Math.sqrt(value / most)]));
  return (name) => WEIGHT_MIN + (1 - WEIGHT_MIN) * (shares.get(name) ?? 0);
}
