import { isoOf } from "../../base/time.js";
import { churnedUsers, type Dataset } from "../../evaluate/dataset.js";
import { decisionsOf } from "../../evaluate/decisions.js";
import type { ForwardRun } from "../../evaluate/forward.js";
import { CHURNED_TO_TUNE } from "../../evaluate/inner-problem.js";
import { averagePrecision, rocAuc } from "../../evaluate/metrics.js";
import { plotData } from "../../evaluate/plot-data.js";
import type { TrainingDocument } from "../../schema/documents.js";
import { calibrationViews } from "./calibration-views.js";
import type { TrainOptions } from "./options.js";
import type { Prepared } from "./prepare.js";

/** What a training document says of the protocol and of the pooled test rows. */
export function summaryOf(prepared: Prepared, run: ForwardRun, { decisions }: TrainOptions) {
  const { data, eventMs, cutoffs, tests, label, riskSet, shape } = prepared;
  const positives = run.rows.y.reduce<number>((sum, y) => sum + y, 0);
  const everChurned = eventMs.reduce((count, at) => count + (Number.isNaN(at) ? 0 : 1), 0);
  const churned = churnedUsers(run.rows);
  return {
    protocol: "point-in-time" as const,
    leaky: false,
    label: label.name,
    labelVersion: label.version,
    rules: { ...shape.horizon, ...riskSet, ...label.settings },
    rows: data.y.length,
    users: new Set(data.user).size,
    positives,
    baseRate: positives / run.rows.y.length,
    churnedUsersInTest: churned,
    tooFewToTell: churned < CHURNED_TO_TUNE,
    cutoffs: cutoffs.map(isoOf),
    testBlocks: tests.map(({ train, test }) => ({
      from: isoOf(test[0] ?? Number.NaN),
      to: isoOf(test.at(-1) ?? Number.NaN),
      trainCutoffs: train.length,
    })),
    inGap: data.inGap,
    ...(data.competing === undefined ? {} : { competing: data.competing }),
    catchableShare: everChurned === 0 ? null : caughtUsers(data, eventMs) / everChurned,
    wholeLogShare: everChurned / eventMs.length,
    features: data.features,
    unseenUsers: unseenSlice(run),
    simulated: prepared.columns.simulated,
    plots: plotData({ y: run.rows.y, p: run.p, cutoffMs: run.rows.cutoffMs }),
    calibration: calibrationViews(prepared.columns, run),
    decisions: decisionsOf(
      { y: run.rows.y, p: run.p, flagged: run.flagged },
      {
        costs: decisions?.costs ?? null,
        contacts: decisions?.contacts ?? null,
        cutoffs: new Set(run.rows.cutoffMs).size,
      },
    ),
  };
}

/** Users with a 1 who had the event by all that is known now: what was a silence by its window's end may turn out to be none. */
function caughtUsers({ y, user }: Dataset, eventMs: Float64Array): number {
  return new Set(user.filter((id, row) => y[row] === 1 && !Number.isNaN(eventMs[id] ?? Number.NaN))).size;
}

/** The rows whose user no training row of their block knew. */
function unseenSlice({ rows, p, unseen }: ForwardRun): TrainingDocument["unseenUsers"] {
  const at = Array.from(unseen.keys()).filter((row) => unseen[row] === 1);
  if (at.length === 0) return null;
  const scored = {
    y: Uint8Array.from(at, (row) => rows.y[row] ?? 0),
    p: Float64Array.from(at, (row) => p[row] ?? Number.NaN),
  };
  const orNull = (value: number) => (Number.isFinite(value) ? value : null);
  return { rows: at.length, rocAuc: orNull(rocAuc(scored)), averagePrecision: orNull(averagePrecision(scored)) };
}
