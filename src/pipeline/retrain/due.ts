import { isoOf, MS_PER_DAY } from "../../base/time.js";

export const CAUSES = ["time", "quality", "drift", "asked"] as const;
export type CauseKind = (typeof CAUSES)[number];

/** Why a retraining is due, in words. */
export interface Cause {
  readonly kind: CauseKind;
  readonly evidence: string;
}

/** A matured figure of the champion: the upper bound is one-sided, 95%. */
export interface MaturedFigure {
  readonly value: number;
  readonly upper95: number;
}

export interface DueFacts {
  readonly nowMs: number;
  readonly championSinceMs: number;
  /** When the last retraining that came to an end began; null for none. */
  readonly lastAttemptMs: number | null;
  /** Of the champion's stored scores whose outcomes are known; null where there are none. */
  readonly quality: {
    readonly positives: number;
    readonly rocAuc: MaturedFigure | null;
    readonly liftAt10: MaturedFigure | null;
    readonly f1: MaturedFigure | null;
  } | null;
  /** The last drift check with an alarm; null for none. */
  readonly drift: { readonly atMs: number; readonly what: string } | null;
}

export interface DueRule {
  readonly everyDays: number;
  /** After a retraining, quality and drift are not causes again for so long. */
  readonly pauseDays: number;
  readonly floors: { readonly rocAuc: number | null; readonly liftAt10: number | null; readonly f1: number | null };
}

/** Matured positives below which nothing is said of quality. */
export const POSITIVES_TO_JUDGE = 30;

const FIGURES = { rocAuc: "ROC AUC", liftAt10: "lift in the riskiest 10%", f1: "F1 of churners" } as const;

/** Why a retraining is due now; empty: it is not. A clock that went back makes nothing due. */
export function causesOf(facts: DueFacts, rule: DueRule): Cause[] {
  const { nowMs, championSinceMs, lastAttemptMs } = facts;
  const last = Math.max(championSinceMs, lastAttemptMs ?? Number.NEGATIVE_INFINITY);
  const days = (nowMs - last) / MS_PER_DAY;
  const causes: Cause[] = [];
  if (days >= rule.everyDays) {
    const what = lastAttemptMs === last ? "the last retraining" : "the champion was made";
    causes.push({ kind: "time", evidence: `${Math.floor(days)} days since ${what}; ${rule.everyDays} are allowed.` });
  }
  if (lastAttemptMs !== null && nowMs - lastAttemptMs < rule.pauseDays * MS_PER_DAY) return causes;
  return [...causes, ...fromQuality(facts, rule), ...fromDrift(facts, last)];
}

function fromQuality({ quality }: DueFacts, { floors }: DueRule): Cause[] {
  if (quality === null || quality.positives < POSITIVES_TO_JUDGE) return [];
  return Object.entries(FIGURES).flatMap(([key, words]) => {
    const name = key as keyof typeof FIGURES;
    const [figure, floor] = [quality[name], floors[name]];
    if (figure === null || floor === null || !(figure.upper95 < floor)) return [];
    const { value, upper95 } = figure;
    const evidence = `${words} of what has matured is ${value.toFixed(3)}, at most ${upper95.toFixed(3)} (95%, one-sided, ${quality.positives} positives): below the floor of ${floor.toFixed(3)}.`;
    return [{ kind: "quality" as const, evidence }];
  });
}

function fromDrift({ drift }: DueFacts, since: number): Cause[] {
  if (drift === null || drift.atMs <= since) return [];
  return [
    {
      kind: "drift",
      evidence: `The drift check of ${isoOf(drift.atMs).slice(0, 10)} raised the alarm: ${drift.what}.`,
    },
  ];
}
