import { RefrainError } from "../../base/errors.js";
import { type Instant, MS_PER_DAY } from "../../base/time.js";
import type { World } from "../../base/world.js";
import { type Dataset, joinOutcomes } from "../../evaluate/dataset.js";
import { CHURNED_TO_FIT } from "../../evaluate/inner-problem.js";
import { type ForwardSplit, outerSplits, type ProtocolShape } from "../../evaluate/splits.js";
import type { RiskSetRule } from "../../features/risk-set.js";
import type { SnapshotTable } from "../../features/snapshot-table.js";
import type { Label } from "../../labels/label.js";
import type { EventColumns } from "../../schema/event-columns.js";
import { type LabelName, labelWords } from "../../schema/label-words.js";
import { spanOf } from "../user-spans.js";
import { PROCEDURE, type Procedure } from "./procedure.js";

/** What the protocol works on, and the audits again. */
export interface Prepared {
  readonly columns: EventColumns;
  readonly table: SnapshotTable;
  readonly label: Label;
  readonly riskSet: RiskSetRule;
  readonly data: Dataset;
  /** Each user's first event of the label, ms; NaN for none. */
  readonly eventMs: Float64Array;
  readonly cutoffs: readonly Instant[];
  readonly tests: readonly ForwardSplit[];
  readonly gate: ForwardSplit | null;
  readonly shape: ProtocolShape;
  readonly procedure: Procedure;
}

/**
 * Photographs the risk set at every labelled cutoff and joins what became of it. Fails with LABELS_TOO_FEW when fewer users
 * than a model needs ever have the label's event, with SPAN_TOO_SHORT when no cutoff can be tested.
 */
export async function prepare(
  columns: EventColumns,
  { label, shape, procedure = PROCEDURE }: { label: Label; shape: ProtocolShape; procedure?: Procedure },
  world: World,
): Promise<Prepared> {
  const span = spanOf(columns);
  const eventMs = label.eventTimes(columns);
  const churned = eventMs.reduce((count, at) => count + (Number.isNaN(at) ? 0 : 1), 0);
  if (churned < CHURNED_TO_FIT) throw tooFew(churned, label.name);
  const { cutoffs, tests, gate } = outerSplits(span, shape);
  if (tests.length === 0) throw tooShort(span, shape);
  world.log.info(
    `Folding ${columns.tsMs.length.toLocaleString("en")} events into snapshots at ${cutoffs.length} cutoffs`,
  );
  const riskSet = label.riskSet(shape.cutoffs.minHistoryDays);
  const plan = { catalogue: "point-in-time", cutoffs, riskSet } as const;
  const table = await procedure.photograph(columns, plan, world);
  const data = joinOutcomes(table, label.outcomes(columns));
  return { columns, table, label, riskSet, data, eventMs, cutoffs, tests, gate, shape, procedure };
}

/** No honest model: too few churned users where it could learn. */
export function tooFew(churned: number, label: LabelName): RefrainError {
  return new RefrainError("LABELS_TOO_FEW", { churned, event: labelWords(label).verb, needed: CHURNED_TO_FIT });
}

function tooShort(
  { firstTsMs, lastTsMs }: { firstTsMs: number; lastTsMs: number },
  shape: ProtocolShape,
): RefrainError {
  const { gapDays, horizonDays } = shape.horizon;
  const needed =
    shape.cutoffs.minHistoryDays + 2 * (gapDays + horizonDays) + shape.cutoffs.everyDays * (shape.minTrainCutoffs + 1);
  return new RefrainError("SPAN_TOO_SHORT", { days: Math.floor((lastTsMs - firstTsMs) / MS_PER_DAY), needed });
}
