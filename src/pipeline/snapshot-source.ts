import type { Instant } from "../base/time.js";
import type { World } from "../base/world.js";
import type { RiskSetRule } from "../features/risk-set.js";
import type { HonestCatalogue } from "../features/snapshot-plan.js";
import type { SnapshotTable } from "../features/snapshot-table.js";
import type { EventColumns } from "../schema/event-columns.js";
import type { UserId } from "../schema/user-id.js";
import { snapshotUsers } from "./snapshot.js";
import { spanOf } from "./user-spans.js";

/** Where snapshots at one cutoff come from: all events of a lake, or states that were kept of it. Both give the same bytes. */
export interface SnapshotSource {
  /** In binary text order. */
  readonly users: readonly UserId[];
  /** Latest moment of the known events, ms. */
  readonly lastTsMs: number;
  /** Whether any event behind it comes from `simulate`. */
  readonly simulated: boolean;
  /** Photographs the risk set, or with null everyone who is known at the cutoff; without a catalogue, the features of `POINT_IN_TIME`. */
  at(cutoff: Instant, riskSet: RiskSetRule | null, catalogue?: HonestCatalogue): Promise<SnapshotTable>;
}

/** Snapshots folded from all events. */
export function fromEvents(columns: EventColumns, world: World): SnapshotSource {
  return {
    users: columns.users,
    lastTsMs: spanOf(columns).lastTsMs,
    simulated: columns.simulated,
    at: (cutoff, riskSet, catalogue = "point-in-time") =>
      snapshotUsers(columns, { catalogue, cutoffs: [cutoff], riskSet }, world),
  };
}
