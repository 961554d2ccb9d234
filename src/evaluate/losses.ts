import { clipProbability } from "../base/math/sigmoid.js";
import { type Counted, type Scored, weightsOf } from "./scored.js";

/** Weighted mean of (p − y)². */
export function brierCounted(scored: Scored): Counted {
  return meanCounted(
    scored,
    scored.p.map((p, i) => (p - (scored.y[i] ?? 0)) ** 2),
  );
}

/** 1 − Brier score ÷ that of always saying the base rate: 1 is perfect, 0 knows nothing. Undefined for one class. */
export function brierSkillCounted(scored: Scored): Counted {
  const brier = brierCounted(scored);
  const churned = meanCounted(scored, Float64Array.from(scored.y));
  return (counts) => {
    const rate = churned(counts);
    const unskilled = rate * (1 - rate);
    return unskilled > 0 ? 1 - brier(counts) / unskilled : Number.NaN;
  };
}

/** −log P(what happened) of every row, natural logarithm, p clipped to [2.2e-16, 1 − 2.2e-16]. */
export function logLosses({ y, p }: Scored): Float64Array {
  return p.map((value, i) => {
    const q = clipProbability(value);
    return y[i] === 1 ? -Math.log(q) : -Math.log1p(-q);
  });
}

/** Weighted mean of the log losses. */
export function logLossCounted(scored: Scored): Counted {
  return meanCounted(scored, logLosses(scored));
}

function meanCounted(scored: Scored, values: Float64Array): Counted {
  const weight = weightsOf(scored);
  return (counts) => {
    let sum = 0;
    let total = 0;
    // Hot loop.
    for (let i = 0; i < values.length; i++) {
      const w = counts[i]! * weight[i]!;
      sum += w * values[i]!;
      total += w;
    }
    return sum / total;
  };
}
