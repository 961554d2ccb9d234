// hot loop
import { firstAbove } from "../base/math/sorting.js";
import { MS_PER_DAY } from "../base/time.js";
import { RISK_SET } from "../features/risk-set.js";
import type { EventColumns } from "../schema/event-columns.js";
import { PAGE } from "../schema/pages.js";
import { HORIZON, type Label, OUTCOME, settledAt } from "./label.js";
import { firstEvent, firstRowTimes, pageEvents } from "./page-events.js";

const CONFIRMED = PAGE["Cancellation Confirmation"];

export const INACTIVITY_DAYS = 14;

/**
 * The user goes silent: `days` in a row without a row of the user's, all of them inside (T + gap, T + gap + max(horizon, days)]. The
 * window is as long as the longer of the two because a silence of 14 days cannot be seen in 10. At risk is who has not been silent for
 * so long at T; a silence that began before T and is complete in the gap is too late to act upon. A cancellation is no silence: it
 * ends the one before it, and none can begin after it.
 *
 * @param days ≥ 1
 */
export function inactivity(days: number = INACTIVITY_DAYS): Label {
  const silenceMs = days * MS_PER_DAY;
  const window = { gapDays: HORIZON.gapDays, horizonDays: Math.max(HORIZON.horizonDays, days) };
  return {
    name: "inactivity",
    version: 1,
    description: `no event for ${days} days in a row, and no cancellation`,
    window,
    settings: { inactivityDays: days },
    riskSet: (minHistoryDays) => ({
      minHistoryDays,
      activeWithinDays: Math.min(RISK_SET.activeWithinDays, days),
    }),
    outcomes(columns) {
      const confirmed = pageEvents(columns, CONFIRMED);
      const timesOf = knownTimes(columns);
      return (user, cutoff) => {
        const from = cutoff + window.gapDays * MS_PER_DAY;
        const to = settledAt(cutoff, window);
        const cancelled = firstEvent(confirmed, user, { after: Number.NEGATIVE_INFINITY, knownBy: to });
        if (cancelled <= cutoff) return OUTCOME.gone;
        const end = Number.isNaN(cancelled) ? to : Math.min(cancelled, to);
        const times = timesOf(user, { after: cutoff - silenceMs, until: end, knownBy: to });
        const next = times.find((at) => at > cutoff) ?? end;
        const last = times.findLast((at) => at <= cutoff);
        if (last === undefined) return OUTCOME.gone;
        if (last + silenceMs <= Math.min(from, next)) return OUTCOME.inGap;
        if (holdsSilence([from, ...times.filter((at) => at > from), end], silenceMs)) return OUTCOME.churned;
        return cancelled <= to ? OUTCOME.competing : OUTCOME.kept;
      };
    },
    eventTimes: (columns) => firstSilences(columns, silenceMs),
    exposedFrom: (columns) => firstRowTimes(columns, () => true).map((first) => first + silenceMs),
  };
}

/** Whether two neighbours of ascending times lie so far apart. */
function holdsSilence(times: readonly number[], silenceMs: number): boolean {
  return times.some((at, i) => i > 0 && at - times[i - 1]! >= silenceMs);
}

/** Looks up the times of a user's rows in (after, until] that were known by `knownBy`, ascending. */
function knownTimes(
  columns: EventColumns,
): (user: number, range: { after: number; until: number; knownBy: number }) => number[] {
  let sortedFor = -1;
  let rows: number[] = [];
  let tsMs: number[] = [];
  return (user, { after, until, knownBy }) => {
    if (user !== sortedFor) {
      rows = rowsByTime(columns, user);
      tsMs = rows.map((row) => columns.tsMs[row]!);
      sortedFor = user;
    }
    const times: number[] = [];
    for (let i = firstAbove(tsMs, after); i < rows.length; i++) {
      const at = tsMs[i]!;
      if (at > until) break;
      if (columns.knownAtMs[rows[i]!]! <= knownBy) times.push(at);
    }
    return times;
  };
}

/** A user's rows by the time they happened: the columns have them by the time they became known. */
function rowsByTime({ userStart, tsMs }: EventColumns, user: number): number[] {
  const from = userStart[user]!;
  return Array.from({ length: userStart[user + 1]! - from }, (_, i) => from + i).sort((a, b) => tsMs[a]! - tsMs[b]!);
}

/** When each user's first silence was complete: from then on the user is inactive, and can be seen to be. NaN for none. */
function firstSilences(columns: EventColumns, silenceMs: number): Float64Array {
  const end = columns.tsMs.reduce((latest, at) => Math.max(latest, at), Number.NEGATIVE_INFINITY);
  return Float64Array.from(columns.users, (_, user) => {
    const rows = rowsByTime(columns, user);
    const cancelled = rows.findIndex((row) => columns.page[row] === CONFIRMED);
    const times = rows.slice(0, cancelled < 0 ? rows.length : cancelled + 1).map((row) => columns.tsMs[row]!);
    if (cancelled < 0) times.push(end);
    const start = times.find((at, i) => i + 1 < times.length && times[i + 1]! - at >= silenceMs) ?? Number.NaN;
    return start + silenceMs;
  });
}
