import type { Instant } from "../base/time.js";
import type { EventColumns } from "../schema/event-columns.js";
import { POINT_IN_TIME, pointInTime, WITH_DAYS, withDays } from "./catalogue.js";
import type { Catalogue, CatalogueNames } from "./fold.js";
import { checkOrder } from "./fold-protocol/check-order.js";
import { referenceCatalogue } from "./reference/catalogue.js";
import { isAtRisk, type RiskSetRule } from "./risk-set.js";
import { photographUsers, type SnapshotPart } from "./snapshot-table.js";
import type { States } from "./states.js";

/** Features that know their cutoff: `POINT_IN_TIME`, or `WITH_DAYS`. */
export type HonestCatalogue = "point-in-time" | "days";

/** Which photographs to take: plain data, so that it can cross to a thread. */
export interface SnapshotPlan {
  readonly catalogue: HonestCatalogue | "whole-history";
  /** Ascending. */
  readonly cutoffs: readonly Instant[];
  /** Null takes every user with a known event behind the cutoff. `whole-history` takes everyone anyway. */
  readonly riskSet: RiskSetRule | null;
}

/** The names and versions in the catalogue that a plan asks for. */
export function namesOf({ catalogue }: SnapshotPlan): CatalogueNames {
  if (catalogue === "whole-history") return referenceCatalogue([]);
  return catalogue === "days" ? WITH_DAYS : POINT_IN_TIME;
}

/** @param states names of the state codes */
export function honestCatalogue(name: HonestCatalogue, states: readonly string[]): Catalogue<States> {
  return name === "days" ? withDays(states) : pointInTime(states);
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
    { catalogue: honestCatalogue(catalogue, columns.states), cutoffs, from, to },
    ({ profile }, cutoff) => riskSet === null || isAtRisk(profile, cutoff, riskSet),
  );
}
