import type { Instant } from "../base/time.js";
import type { EventColumns } from "../schema/event-columns.js";
import { POINT_IN_TIME, pointInTime } from "./catalogue.js";
import type { CatalogueNames } from "./fold.js";
import { checkOrder } from "./fold-protocol/check-order.js";
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

/** The names and versions in the catalogue that a plan asks for. */
export function namesOf({ catalogue }: SnapshotPlan): CatalogueNames {
  return catalogue === "point-in-time" ? POINT_IN_TIME : referenceCatalogue([]);
}

export function featureNames(plan: SnapshotPlan): string[] {
  return namesOf(plan).features.map((feature) => feature.name);
}

/** Photographs users `from` … `to` − 1 as the plan says. */
export function takeSnapshots(
  columns: EventColumns,
  { catalogue, cutoffs, riskSet }: SnapshotPlan,
  { from, to }: { from: number; to: number },
): SnapshotPart {
  checkOrder(columns, { from, to });
  if (catalogue === "whole-history") {
    return photographUsers(columns, { catalogue: referenceCatalogue(columns.states), cutoffs, from, to }, () => true);
  }
  return photographUsers(
    columns,
    { catalogue: pointInTime(columns.states), cutoffs, from, to },
    ({ profile }, cutoff) => riskSet === null || isAtRisk(profile, cutoff, riskSet),
  );
}
