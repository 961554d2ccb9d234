import { sortedQuantile } from "../../base/math/sorting.js";
import type { Matrix } from "../../base/matrix.js";
import type { Rng } from "../../base/rng.js";
import { expectedDaysLeft, survivalAt } from "../../models/survival/hazard.js";
import type { FollowUp, Intervals } from "../../models/survival/person-period.js";
import { userDraws } from "../intervals.js";
import { brierAt, integrated } from "./brier.js";
import { type CensoringSurvival, censoringSurvival } from "./censoring.js";
import { concordanceIpcw } from "./concordance.js";

/** Share followed beyond a time below which it is too late to be judged: weights would pass 10. */
const FOLLOWED_MIN = 0.1;
const RESAMPLES = 200;

/** Predicted and seen survival of rows that no model had learned from. */
export interface SurvivalPredictions extends Intervals {
  readonly followUp: FollowUp;
  readonly user: Int32Array;
  /** P(no event by the end of each interval), rows × intervals. */
  readonly curves: Matrix;
  /** The same by a model that knows no feature. */
  readonly baseline: Matrix;
}

export interface SurvivalScore {
  /** How far times were judged: the cap, or the last interval's end to which enough rows were followed. */
  readonly tauDays: number;
  readonly concordance: number;
  readonly integratedBrier: number;
  readonly integratedBrierBaseline: number;
  /** 95%, by bootstrap over users; of the Brier skill 1 − model ÷ baseline. */
  readonly intervals: Readonly<Record<"concordance" | "brierSkill", { readonly low: number; readonly high: number }>>;
}

/** Null where nothing can be judged: no row followed through an interval, or no pair to compare. */
export function scoreSurvival(predicted: SurvivalPredictions, rng: Rng): SurvivalScore | null {
  const { followUp, user, curves, intervalDays } = predicted;
  const censoring = censoringSurvival(followUp);
  const times = judgedTimes(predicted, censoring);
  const tauDays = times.at(-1) ?? 0;
  if (tauDays === 0) return null;
  const risk = expectedDaysLeft(curves, intervalDays).map((days) => -days);
  const measured = (weight?: Float64Array) => {
    const rows = weight === undefined ? followUp : { ...followUp, weight };
    const brierOf = (of: Matrix) =>
      integrated(
        times.map((t) => brierAt(rows, { survival: survivalAt(of, t, intervalDays), t }, censoring)),
        times,
      );
    return {
      concordance: concordanceIpcw({ ...rows, risk }, censoring, tauDays),
      integratedBrier: brierOf(curves),
      integratedBrierBaseline: brierOf(predicted.baseline),
    };
  };
  const score = measured();
  if (!Number.isFinite(score.concordance)) return null;
  const draw = userDraws(user, rng);
  const weight = new Float64Array(user.length);
  const resampled = Array.from({ length: RESAMPLES }, () => {
    draw(weight);
    return measured(weight);
  });
  return {
    tauDays,
    ...score,
    intervals: {
      concordance: middleOf(resampled.map(({ concordance }) => concordance)),
      brierSkill: middleOf(resampled.map((one) => 1 - one.integratedBrier / one.integratedBrierBaseline)),
    },
  };
}

/** 0 and the ends of the intervals beyond which enough rows were followed. */
function judgedTimes({ intervalDays, intervals }: Intervals, censoring: CensoringSurvival): number[] {
  const ends = Array.from({ length: intervals + 1 }, (_, k) => k * intervalDays);
  return ends.filter((t) => t === 0 || censoring.at(t) >= FOLLOWED_MIN);
}

function middleOf(values: readonly number[]): { low: number; high: number } {
  const sorted = Float64Array.from(values.filter(Number.isFinite)).sort();
  return { low: sortedQuantile(sorted, 0.025), high: sortedQuantile(sorted, 0.975) };
}
