import type { World } from "../../base/world.js";
import { DRAWS } from "../../evaluate/audits/chance.js";
import { type FitProcedure, nestedFit } from "../../evaluate/nested-fit.js";
import type { SnapshotPlan } from "../../features/snapshot-plan.js";
import type { SnapshotTable } from "../../features/snapshot-table.js";
import type { EventColumns } from "../../schema/event-columns.js";
import { snapshotUsers } from "../snapshot.js";

/** What the audits examine: the two places where a leak can be, how features are taken and how a model is fitted to them. */
export interface Procedure {
  photograph(columns: EventColumns, plan: SnapshotPlan, world: World): Promise<SnapshotTable>;
  readonly fit: FitProcedure;
  /** How often each null audit runs it. */
  readonly draws: number;
}

export const PROCEDURE: Procedure = { photograph: snapshotUsers, fit: nestedFit, draws: DRAWS };
