/** Survival after each distinct time with an event; arrays of one length, ascending in time. */
export interface SurvivalEstimate {
  readonly time: number[];
  /** Under observation just before `time`. */
  readonly atRisk: number[];
  readonly events: number[];
  readonly survival: number[];
  /** Greenwood's standard error of `survival`. */
  readonly se: number[];
  /** 95% bounds: symmetric on the scale log(−log S), so that they stay within [0, 1]. */
  readonly low: number[];
  readonly high: number[];
}

const Z = 1.959963984540054;

/**
 * The product-limit estimate of Kaplan and Meier (1958) with Greenwood's variance; bounds after Kalbfleisch and
 * Prentice. `time[i]` is when subject i was seen last, in any unit, and `event[i]` is 1 if that was the event, 0 if the
 * subject was still without it (censored). Who is censored at a time is at risk at that time. Where S is 0, as where
 * nothing has happened, the variance says nothing and both bounds are S.
 */
export function kaplanMeier(time: ArrayLike<number>, event: ArrayLike<number>): SurvivalEstimate {
  const order = Array.from({ length: time.length }, (_, i) => i).sort((a, b) => time[a]! - time[b]!);
  const out: SurvivalEstimate = { time: [], atRisk: [], events: [], survival: [], se: [], low: [], high: [] };
  let [survival, greenwood] = [1, 0];
  for (let i = 0; i < order.length; ) {
    const at = time[order[i]!]!;
    const atRisk = order.length - i;
    let events = 0;
    for (; i < order.length && time[order[i]!] === at; i++) events += event[order[i]!]! > 0 ? 1 : 0;
    if (events === 0) continue;
    survival *= 1 - events / atRisk;
    greenwood += events / (atRisk * (atRisk - events));
    const [low, high] = bounds(survival, greenwood);
    out.time.push(at);
    out.atRisk.push(atRisk);
    out.events.push(events);
    out.survival.push(survival);
    out.se.push(survival === 0 ? 0 : survival * Math.sqrt(greenwood));
    out.low.push(low);
    out.high.push(high);
  }
  return out;
}

function bounds(survival: number, greenwood: number): [low: number, high: number] {
  if (survival <= 0 || survival >= 1) return [survival, survival];
  const half = (Z * Math.sqrt(greenwood)) / -Math.log(survival);
  return [survival ** Math.exp(half), survival ** Math.exp(-half)];
}
