import { type Counted, once, type Scored, weightsOf } from "./scored.js";

/** Summed weights of rows by what was said at the threshold and what happened. */
export interface Confusion {
  readonly tn: number;
  readonly fp: number;
  readonly fn: number;
  readonly tp: number;
}

export function confusion(scored: Scored): Confusion {
  return confusionCounted(scored)(once(scored.y.length));
}

function confusionCounted(scored: Scored): (counts: Float64Array) => Confusion {
  const weight = weightsOf(scored);
  const threshold = scored.threshold ?? 0.5;
  const cell = Uint8Array.from(scored.p, (p, i) => (scored.y[i] === 1 ? 2 : 0) + (p >= threshold ? 1 : 0));
  return (counts) => {
    const sums = [0, 0, 0, 0] as [number, number, number, number];
    // Hot loop.
    for (let i = 0; i < cell.length; i++) sums[cell[i] as 0 | 1 | 2 | 3] += counts[i]! * weight[i]!;
    const [tn, fp, fn, tp] = sums;
    return { tn, fp, fn, tp };
  };
}

const share = (part: number, whole: number) => (whole === 0 ? 0 : part / whole);

/** Of the churned class; 0 where 0 ÷ 0, as scikit-learn's `zero_division=0`. */
export function f1Of({ tp, fp, fn }: Confusion): number {
  return share(2 * tp, 2 * tp + fp + fn);
}

export function precisionOf({ tp, fp }: Confusion): number {
  return share(tp, tp + fp);
}

export function recallOf({ tp, fn }: Confusion): number {
  return share(tp, tp + fn);
}

/** A number read off the confusion table. */
export function fromConfusion(read: (table: Confusion) => number): (scored: Scored) => Counted {
  return (scored) => {
    const tables = confusionCounted(scored);
    return (counts) => read(tables(counts));
  };
}
