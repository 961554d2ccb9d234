import { takeColumns } from "../../base/matrix.js";
import type { Instant } from "../../base/time.js";
import type { World } from "../../base/world.js";
import { type Dataset, joinOutcomes, rowsAt, takeDataset } from "../../evaluate/dataset.js";
import { labelledCutoffs, type ProtocolShape } from "../../evaluate/splits.js";
import type { RiskSetRule } from "../../features/risk-set.js";
import type { Label } from "../../labels/label.js";
import type { EventColumns } from "../../schema/event-columns.js";
import { snapshotUsers } from "../snapshot.js";
import { spanOf } from "../user-spans.js";

/** The latest cutoffs whose outcomes are settled: what a candidate and the champion are compared on. */
export interface ComparisonBlock {
  readonly cutoffs: readonly Instant[];
  /** Their rows, with the days of users behind the usual features. */
  readonly data: Dataset;
  readonly positives: number;
}

interface BlockRule {
  readonly label: Label;
  readonly shape: ProtocolShape;
  readonly riskSet: RiskSetRule;
  /** Rows of label 1 that are enough; cutoffs before are not taken. */
  readonly positivesMin: number;
}

/** Not more than this share of all cutoffs: there has to be something left to learn from. */
const SHARE_MAX = 0.5;

/**
 * Goes back from the last settled cutoff until there are positives enough, or half of all cutoffs are taken.
 *
 * @returns null where no cutoff is settled
 */
export async function comparisonBlock(
  columns: EventColumns,
  { label, shape, riskSet, positivesMin }: BlockRule,
  world: World,
): Promise<ComparisonBlock | null> {
  const all = labelledCutoffs(spanOf(columns), shape.cutoffs, shape.horizon);
  const latest = all.slice(all.length - Math.floor(all.length * SHARE_MAX));
  if (latest.length === 0) return null;
  const table = await snapshotUsers(columns, { catalogue: "days", cutoffs: latest, riskSet }, world);
  const data = joinOutcomes(table, label.outcomes(columns));
  let from = latest.length;
  let positives = 0;
  while (from > 0 && positives < positivesMin) {
    from--;
    positives += positivesIn(data, latest.slice(from, from + 1));
  }
  const cutoffs = latest.slice(from);
  return { cutoffs, data: takeDataset(data, rowsAt(data, cutoffs)), positives };
}

function positivesIn(data: Dataset, cutoffs: readonly Instant[]): number {
  return rowsAt(data, cutoffs).reduce((sum, row) => sum + (data.y[row] ?? 0), 0);
}

/** The columns of a model, in its order. */
export function columnsOf(data: Dataset, features: readonly string[]): Dataset["x"] {
  return takeColumns(
    data.x,
    features.map((name) => data.features.indexOf(name)),
  );
}
