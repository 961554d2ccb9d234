import type { Rng } from "../base/rng.js";
import type { MetricName, Metrics } from "../schema/documents.js";
import { eceCounted, eceExpected } from "./calibration-error.js";
import { calibrationSlopeCounted } from "./calibration-slope.js";
import { f1Of, fromConfusion, precisionOf, recallOf } from "./confusion.js";
import { liftAt10Counted } from "./lift.js";
import { brierCounted, brierSkillCounted, logLossCounted } from "./losses.js";
import { averagePrecisionCounted, rocAucCounted } from "./ranking.js";
import { type Counted, once, type Scored } from "./scored.js";

export interface Metric {
  readonly label: string;
  /** Which way is better: up, down, or near 1. */
  readonly better: "higher" | "lower" | "one";
  readonly prepare: (scored: Scored) => Counted;
}

/** `eceExpected` is not one of them: it draws random numbers and is a yardstick for `ece`. */
export type MeasuredName = Exclude<MetricName, "eceExpected">;

export const METRICS = {
  averagePrecision: { label: "PR-AUC (average precision)", better: "higher", prepare: averagePrecisionCounted },
  rocAuc: { label: "ROC AUC", better: "higher", prepare: rocAucCounted },
  f1: { label: "F1 of churners", better: "higher", prepare: fromConfusion(f1Of) },
  precision: { label: "precision of churners", better: "higher", prepare: fromConfusion(precisionOf) },
  recall: { label: "recall of churners", better: "higher", prepare: fromConfusion(recallOf) },
  brier: { label: "Brier score", better: "lower", prepare: brierCounted },
  brierSkill: { label: "Brier skill over the base rate", better: "higher", prepare: brierSkillCounted },
  logLoss: { label: "log loss", better: "lower", prepare: logLossCounted },
  ece: { label: "calibration error (10 equal-mass bins)", better: "lower", prepare: eceCounted },
  calibrationSlope: { label: "calibration slope", better: "one", prepare: calibrationSlopeCounted },
  liftAt10: { label: "lift in the riskiest 10%", better: "higher", prepare: liftAt10Counted },
} as const satisfies Record<MeasuredName, Metric>;

export const MEASURED_NAMES = Object.keys(METRICS) as readonly MeasuredName[];

/** One metric of the rows as they are; NaN where it is undefined. */
export function measure(name: MeasuredName, scored: Scored): number {
  return METRICS[name].prepare(scored)(once(scored.y.length));
}

export function averagePrecision(scored: Scored): number {
  return measure("averagePrecision", scored);
}

export function rocAuc(scored: Scored): number {
  return measure("rocAuc", scored);
}

/** Every metric, `null` where it is undefined; `rng` draws the outcomes behind `eceExpected`. */
export function metricsOf(scored: Scored, rng: Rng): Metrics {
  const entries = MEASURED_NAMES.map((name) => [name, orNull(measure(name, scored))] as const);
  return {
    ...(Object.fromEntries(entries) as Omit<Metrics, "eceExpected">),
    eceExpected: orNull(eceExpected(scored, rng)),
  };
}

function orNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
