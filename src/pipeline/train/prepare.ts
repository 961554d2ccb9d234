import { RefrainError } from "../../base/errors.js";
import { takeColumns } from "../../base/matrix.js";
import { type Instant, MS_PER_DAY } from "../../base/time.js";
import type { World } from "../../base/world.js";
import { type Dataset, joinOutcomes, withFeatures } from "../../evaluate/dataset.js";
import { CHURNED_TO_FIT } from "../../evaluate/inner-problem.js";
import { type ForwardSplit, outerSplits, type ProtocolShape } from "../../evaluate/splits.js";
import { POINT_IN_TIME } from "../../features/catalogue.js";
import type { RiskSetRule } from "../../features/risk-set.js";
import type { HonestCatalogue } from "../../features/snapshot-plan.js";
import type { SnapshotTable } from "../../features/snapshot-table.js";
import type { Label } from "../../labels/label.js";
import type { EventColumns } from "../../schema/event-columns.js";
import { type LabelName, labelWords } from "../../schema/label-words.js";
import { spanOf } from "../user-spans.js";
import { readsDays } from "./learners.js";
import { PROCEDURE, type Procedure } from "./procedure.js";

/** What the protocol works on, and the audits again. */
export interface Prepared {
  readonly columns: EventColumns;
  /** What features the table has, and with it the data. */
  readonly catalogue: HonestCatalogue;
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
  /** The same rows with the days of each user; null where no model reads them. */
  readonly days: Prepared | null;
}

/**
 * Photographs the risk set at every labelled cutoff and joins what became of it. Fails with LABELS_TOO_FEW when fewer users
 * than a model needs ever have the label's event, with SPAN_TOO_SHORT when no cutoff can be tested.
 */
export async function prepare(
  columns: EventColumns,
  options: { label: Label; shape: ProtocolShape; procedure?: Procedure; models?: readonly string[] },
  world: World,
): Promise<Prepared> {
  const { label, shape, procedure = PROCEDURE } = options;
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
  const catalogue = options.models?.some(readsDays) ? "days" : "point-in-time";
  const table = await procedure.photograph(columns, { catalogue, cutoffs, riskSet }, world);
  const data = joinOutcomes(table, label.outcomes(columns));
  const common = { columns, label, riskSet, eventMs, cutoffs, tests, gate, shape, procedure, days: null };
  const all: Prepared = { ...common, catalogue, table, data };
  return catalogue === "point-in-time" ? all : withoutDays(all);
}

/** The usual features alone, and behind them all. */
function withoutDays(all: Prepared): Prepared {
  const features = POINT_IN_TIME.features.map(({ name }) => name);
  const x = takeColumns(all.table.x, [...features.keys()]);
  return {
    ...all,
    catalogue: "point-in-time",
    table: { ...all.table, features, x },
    data: withFeatures(all.data, features),
    days: all,
  };
}

/** The snapshots as a model sees them. */
export function seenBy(prepared: Prepared, model: string): Prepared {
  return readsDays(model) && prepared.days !== null ? prepared.days : prepared;
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
