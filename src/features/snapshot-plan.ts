import type { Instant } from "../base/time.js";
import type { EventColumns } from "../schema/event-columns.js";
import { POINT_IN_TIME, pointInTime } from "./catalogue.js";
import { referenceCatalogue } from "./reference/catalogue.js";
import { isAtRisk, type RiskSetRule } from "./risk-set.js";
import { photographUsers, type SnapshotPart } from "./snapshot-table.js";

/** Which photographs to take: plain data, so that it can cross to a thread. */
export interface SnapshotPlan {
  readonly catalogue: "point-in-time" | "whole-history";
  /** Ascending. */
  readonly cutoffs: readonly Instant[];
  /** Null takes every user with a known event behind the cutoff. `whole-history` takes everyone anyway. */
  readonly riskSet: RiskSetRule | null;
}

export function featureNames(plan: SnapshotPlan): string[] {
  const features = plan.catalogue === "point-in-time" ? POINT_IN_TIME.features : referenceCatalogue([]).features;
  return features.map((feature) => feature.name);
}

/** Photographs users `from` … `to` − 1 as the plan says. */
export function takeSnapshots(
  columns: EventColumns,
  { catalogue, cutoffs, riskSet }: SnapshotPlan,
  { from, to }: { from: number; to: number },
): SnapshotPart {
  if (catalogue === "whole-history") {
    return photographUsers(columns, { catalogue: referenceCatalogue(columns.states), cutoffs, from, to }, () => true);
  }
  return photographUsers(
    columns,
    { catalogue: pointInTime(columns.states), cutoffs, from, to },
    ({ profile }, cutoff) => riskSet === null || isAtRisk(profile, cutoff, riskSet),
  );
}
