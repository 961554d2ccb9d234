import { takeColumns } from "../../base/matrix.js";
import type { WatchedColumn } from "../../monitor/drift/live-window.js";
import type { ModelFile } from "../../registry/model-file.js";
import type { ReferenceSnapshots } from "../../registry/reference-file.js";
import type { DriftDocument } from "../../schema/drift-document.js";
import { shownOnlyFeature } from "../drift/shown-only.js";
import type { Observed, ScoredRows } from "./observed-table.js";

/** The column of the champion's scores. */
const SCORE = "churn_probability";
/** What a feature counts at least; the strongest counts 1. */
const WEIGHT_MIN = 0.75;
/** Share of the window's rows that must be scored, for the scores to be compared. */
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
  { observed, scored }: { readonly observed: Observed; readonly scored: ScoredRows },
): Watched {
  const weightOf = weightsBy(model);
  const shared = reference.features.filter((name) => observed.features.includes(name));
  const columns = shared.map(
    (name): WatchedColumn => ({
      name,
      shownOnly: shownOnlyFeature(name),
      weight: weightOf(name),
      reference: columnOf(reference, name),
      current: columnOf(observed, name).map(Math.fround),
    }),
  );
  const current = scoresOf(observed, scored);
  const known = current.filter((score) => !Number.isNaN(score)).length;
  const isScored = known > 0 && known >= SCORED_SHARE_MIN * current.length;
  const score = {
    name: SCORE,
    shownOnly: null,
    weight: 1,
    reference: reference.score,
    unseen: reference.unseenScore,
    current,
  };
  return {
    columns: isScored ? [...columns, score] : columns,
    leftOut: isScored
      ? []
      : [{ name: SCORE, reason: `the model scored ${known} of the window's ${current.length} rows` }],
  };
}

function columnOf({ features, x }: Pick<Observed, "features" | "x">, name: string): Float64Array {
  return takeColumns(x, [features.indexOf(name)]).data;
}

function scoresOf({ users, cutoffMs }: Observed, scored: ScoredRows): Float64Array {
  const key = (user: string, at: number | undefined) => `${at} ${user}`;
  const known = new Map(scored.users.map((user, row) => [key(user, scored.cutoffMs[row]), scored.p[row]]));
  return Float64Array.from(users, (user, row) => known.get(key(user, cutoffMs[row])) ?? Number.NaN);
}

function weightsBy({ evidence }: Pick<ModelFile, "evidence">): (name: string) => number {
  const importance = evidence?.importance ?? [];
  const most = Math.max(0, ...importance.map(({ value }) => value));
  if (most === 0) return () => 1;
  const shares = new Map(importance.map(({ feature, value }) => [feature, Math.sqrt(value / most)]));
  return (name) => WEIGHT_MIN + (1 - WEIGHT_MIN) * (shares.get(name) ?? 0);
}
