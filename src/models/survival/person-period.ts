// hot loop

/** How long each row was followed from its cutoff, and whether the event ended that (1) or the data did (0). */
export interface FollowUp {
  /** Days, above 0. */
  readonly days: Float64Array;
  readonly event: Uint8Array;
}

/** Rows of which it is known how long they would have been followed had no event come: the data end for all at once. */
export interface WatchedFollowUp extends FollowUp {
  /** Days from the cutoff to the end of the data, at least `days`. */
  readonly watchedDays: Float64Array;
}

/** Time since the cutoff, cut into equal intervals: interval k is (k, k + 1] · `intervalDays`. */
export interface Intervals {
  readonly intervalDays: number;
  readonly intervals: number;
}

/** One entry a row and interval that the row was at risk in: whose, which, and whether the event came in it. */
export interface PersonPeriods {
  readonly row: Int32Array;
  readonly interval: Int32Array;
  readonly y: Uint8Array;
}

/**
 * The person-period table of Singer & Willett (1993): a row stands in each interval up to the event's, of those that were watched to
 * their end. An interval in which the data ended tells nothing of a row, even one whose event it saw: who is counted must not hang on
 * what happened, or those who stayed through the watched part are missing from the risk set and the hazard comes out too high.
 */
export function personPeriods(
  { days, event, watchedDays }: WatchedFollowUp,
  { intervalDays, intervals }: Intervals,
): PersonPeriods {
  const row: number[] = [];
  const interval: number[] = [];
  const y: number[] = [];
  for (let i = 0; i < days.length; i++) {
    for (let k = 0; k < intervals; k++) {
      const ends = (k + 1) * intervalDays;
      if (watchedDays[i]! < ends) break;
      const happened = event[i] === 1 && days[i]! <= ends;
      row.push(i);
      interval.push(k);
      y.push(happened ? 1 : 0);
      if (happened) break;
    }
  }
  return { row: Int32Array.from(row), interval: Int32Array.from(interval), y: Uint8Array.from(y) };
}
