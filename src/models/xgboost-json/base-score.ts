import { sigmoid } from "../../base/math/sigmoid.js";

/** How far from the nearest probability one that gives the same log-odds may lie, in float32 steps. */
const STEPS = 4;

/** `base_score` as text: "2E-1", or in brackets since version 3; null where it is no probability between 0 and 1. */
export function readBaseScore(text: string): number | null {
  const inner = /^\[(.*)\]$/.exec(text)?.[1] ?? text;
  if (!/^\d*\.?\d+([eE][+-]?\d+)?$/.test(inner)) return null;
  const probability = Math.fround(Number(inner));
  return probability > 0 && probability < 1 ? probability : null;
}

/** Log-odds of a `base_score`, in the float32 arithmetic of XGBoost's ProbToMargin: −log(1/p − 1). */
export function marginOfBaseScore(probability: number): number {
  const odds = Math.fround(Math.fround(1 / Math.fround(probability)) - 1);
  return -Math.fround(Math.log(odds)) + 0;
}

/** The `base_score` whose log-odds are exactly these; null where no float32 gives them. */
export function baseScoreOfMargin(margin: number): number | null {
  const nearest = Math.fround(sigmoid(margin));
  const bits = new Int32Array(Float32Array.of(nearest).buffer);
  const [at = 0] = bits;
  for (let step = 0; step <= STEPS; step++) {
    for (const side of step === 0 ? [0] : [step, -step]) {
      bits[0] = at + side;
      const [probability = 0] = new Float32Array(bits.buffer);
      if (probability > 0 && probability < 1 && marginOfBaseScore(probability) === margin) return probability;
    }
  }
  return null;
}
