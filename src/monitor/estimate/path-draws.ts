// hot loop
import type { Rng } from "../../base/rng.js";

/** Rows that still wait. Times are ms; a row's event must come in (`fromMs`, `toMs`], and before that, from `gapMs` on, it is left out. */
export interface OpenRows {
  readonly user: Int32Array;
  /** The gap, as far as it is still to come: (`gapMs`, `fromMs`]. */
  readonly gapMs: Float64Array;
  readonly fromMs: Float64Array;
  readonly toMs: Float64Array;
  /** Events per ms. */
  readonly rate: Float64Array;
}

/** What became of a row in a draw. */
export const DRAWN = { kept: 0, churned: 1, inGap: 2 } as const;

/**
 * Draws one possible future: of each user one path, so that all rows of the user agree on it. A path is a Poisson process in time
 * whose events have a mark; an event counts for a row where its mark lies below the row's own rate. `found` gets a value of `DRAWN` a row.
 */
export function pathDraws(rows: OpenRows): (found: Uint8Array, rng: Rng) => void {
  const paths = byUser(rows);
  return (found, rng) => {
    found.fill(DRAWN.kept);
    for (const own of paths) {
      let top = 0;
      let begin = Number.POSITIVE_INFINITY;
      let end = Number.NEGATIVE_INFINITY;
      for (const row of own) {
        top = Math.max(top, rows.rate[row]!);
        begin = Math.min(begin, rows.gapMs[row]!);
        end = Math.max(end, rows.toMs[row]!);
      }
      if (top <= 0) continue;
      for (let at = begin + rng.exponential(1 / top); at <= end; at += rng.exponential(1 / top)) {
        const mark = top * rng.uniform();
        for (const row of own) {
          if (found[row] !== DRAWN.kept || at <= rows.gapMs[row]! || at > rows.toMs[row]!) continue;
          if (mark < rows.rate[row]!) found[row] = at <= rows.fromMs[row]! ? DRAWN.inGap : DRAWN.churned;
        }
      }
    }
  };
}

function byUser({ user, toMs, gapMs }: OpenRows): Int32Array[] {
  const lists = new Map<number, number[]>();
  for (let row = 0; row < user.length; row++) {
    if (toMs[row]! <= gapMs[row]!) continue;
    const list = lists.get(user[row]!);
    if (list === undefined) lists.set(user[row]!, [row]);
    else list.push(row);
  }
  return Array.from(lists.values(), (rows) => Int32Array.from(rows));
}
