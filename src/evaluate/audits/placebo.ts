import type { Rng } from "../../base/rng.js";
import { MS_PER_DAY, utcDay } from "../../base/time.js";

/** What the draws need to know of the users, by user index. Times in ms. */
export interface UserSpans {
  readonly firstTsMs: Float64Array;
  /** NaN for users who never cancelled. */
  readonly cancelledMs: Float64Array;
  readonly lastTsMs: number;
}

/** Share of the users in the log on a UTC day who cancel on it; index 0 is the day of the first event. */
export function dailyHazard({ firstTsMs, cancelledMs, lastTsMs }: UserSpans): {
  firstDay: number;
  hazard: Float64Array;
} {
  const firstDay = utcDay(firstTsMs.reduce((least, at) => Math.min(least, at), Number.POSITIVE_INFINITY));
  const days = utcDay(lastTsMs) - firstDay + 1;
  const cancelled = new Float64Array(days);
  const present = new Float64Array(days);
  for (let user = 0; user < firstTsMs.length; user++) {
    const at = cancelledMs[user] ?? Number.NaN;
    const from = utcDay(firstTsMs[user] ?? 0) - firstDay;
    const to = (Number.isNaN(at) ? utcDay(lastTsMs) : utcDay(at)) - firstDay;
    for (let day = from; day <= to; day++) present[day] = (present[day] ?? 0) + 1;
    if (!Number.isNaN(at)) cancelled[to] = (cancelled[to] ?? 0) + 1;
  }
  return { firstDay, hazard: cancelled.map((count, day) => count / Math.max(1, present[day] ?? 0)) };
}

/**
 * Fictitious cancel times for users who never cancelled, drawn from the empirical daily hazard: churn by pure chance,
 * blind to behaviour. NaN for users not drawn; users who did cancel are not part of the placebo and get −∞, so that none
 * of their rows is used.
 */
export function drawPlaceboTimes(spans: UserSpans, rng: Rng): Float64Array {
  const { firstDay, hazard } = dailyHazard(spans);
  const times = new Float64Array(spans.firstTsMs.length).fill(Number.NaN);
  for (let user = 0; user < times.length; user++) {
    if (!Number.isNaN(spans.cancelledMs[user] ?? Number.NaN)) {
      times[user] = Number.NEGATIVE_INFINITY;
      continue;
    }
    const first = spans.firstTsMs[user] ?? 0;
    for (let day = utcDay(first); day <= utcDay(spans.lastTsMs); day++) {
      if (rng.uniform() >= (hazard[day - firstDay] ?? 0)) continue;
      const at = (day + rng.uniform()) * MS_PER_DAY;
      if (at <= first) continue;
      if (at <= spans.lastTsMs) times[user] = Math.floor(at);
      break;
    }
  }
  return times;
}
