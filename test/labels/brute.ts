import { MS_PER_DAY } from "../../src/base/time.js";
import { type Label, OUTCOME, type Outcome, settledAt } from "../../src/labels/label.js";
import { PAGE } from "../../src/schema/pages.js";
import type { OwnedEvent } from "../features/columns.js";

/** A user's outcome read off the definitions, from one user's rows in any order. */
export function bruteOutcome(label: Label, rows: readonly OwnedEvent[], cutoff: number): Outcome {
  const to = settledAt(cutoff, label.window);
  const known = rows.filter(({ knownAtMs }) => knownAtMs <= to);
  const timesOf = (page: number) => known.filter((row) => row.page === page).map(({ tsMs }) => tsMs);
  const cancelled = Math.min(...timesOf(PAGE["Cancellation Confirmation"]));
  if (cancelled <= cutoff) return OUTCOME.gone;
  const from = cutoff + label.window.gapDays * MS_PER_DAY;
  if (label.name === "inactivity") {
    const silenceMs = (label.settings.inactivityDays ?? Number.NaN) * MS_PER_DAY;
    const times = known.map(({ tsMs }) => tsMs);
    return silent(times, { cutoff, from, end: Math.min(to, cancelled), silenceMs }) ?? unlessCancelled(cancelled, to);
  }
  const events = label.name === "cancellation" ? [cancelled] : timesOf(PAGE["Submit Downgrade"]);
  const first = Math.min(...events.filter((at) => at > cutoff));
  if (first > cancelled || first > to) return unlessCancelled(cancelled, to);
  return first <= from ? OUTCOME.inGap : OUTCOME.churned;
}

function unlessCancelled(cancelled: number, to: number): Outcome {
  return cancelled <= to ? OUTCOME.competing : OUTCOME.kept;
}

/** Every moment at which a silence could begin is tried. */
function silent(
  times: readonly number[],
  { cutoff, from, end, silenceMs }: { cutoff: number; from: number; end: number; silenceMs: number },
): Outcome | null {
  const isSilence = (begin: number) =>
    begin + silenceMs <= end && times.every((at) => at <= begin || at >= begin + silenceMs);
  const before = times.filter((at) => at <= cutoff && at > cutoff - silenceMs);
  if (before.length === 0) return OUTCOME.gone;
  const last = Math.max(...before);
  if (last + silenceMs <= from && isSilence(last)) return OUTCOME.inGap;
  return [from, ...times.filter((at) => at > from)].some(isSilence) ? OUTCOME.churned : null;
}
