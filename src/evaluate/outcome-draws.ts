// hot loop
import type { Rng } from "../base/rng.js";
import type { Scored } from "./scored.js";

/** Calls back once for each row whose outcome came true in this draw. */
type Draw = (cameTrue: (row: number) => void) => void;

/**
 * Draws outcomes as they would be were every p the true probability. Rows of different users are independent. Two rows of one user
 * whose windows overlap wait for the same event, and are not: a user's events are a Poisson process in time, each with a mark, and a row
 * comes true if its window holds an event whose mark is below the row's own rate, −ln(1 − p) ÷ window. That has probability p
 * for every row, whatever the others are.
 */
export function outcomeDraws({ p, windows }: Scored, rng: Rng): Draw {
  if (windows === undefined || windows === null) {
    return (cameTrue) => {
      for (let row = 0; row < p.length; row++) if (rng.uniform() < p[row]!) cameTrue(row);
    };
  }
  const { user, fromMs, lengthMs } = windows;
  const spells = spellsOf(user, fromMs);
  // A sure thing has a rate that is finite, and high enough.
  const rate = p.map((value) => -Math.log(Math.max(1 - value, Number.EPSILON)) / lengthMs);
  const highest = spells.map((rows) => rows.reduce((top, row) => Math.max(top, rate[row]!), 0));
  const drawn = new Int32Array(p.length).fill(-1);
  let turn = 0;
  return (cameTrue) => {
    turn++;
    for (let s = 0; s < spells.length; s++) {
      const rows = spells[s]!;
      const top = highest[s]!;
      if (top === 0) continue;
      const end = fromMs[rows[rows.length - 1]!]! + lengthMs;
      for (let at = fromMs[rows[0]!]! + rng.exponential(1 / top); at <= end; at += rng.exponential(1 / top)) {
        const mark = top * rng.uniform();
        for (const row of rows) {
          const from = fromMs[row]!;
          if (from >= at) break;
          if (at > from + lengthMs || mark >= rate[row]! || drawn[row] === turn) continue;
          drawn[row] = turn;
          cameTrue(row);
        }
      }
    }
  };
}

/** Rows of each user, by the start of their window. */
function spellsOf(user: Int32Array, fromMs: Float64Array): Int32Array[] {
  const byUser = new Map<number, number[]>();
  user.forEach((id, row) => {
    const rows = byUser.get(id);
    if (rows === undefined) byUser.set(id, [row]);
    else rows.push(row);
  });
  return Array.from(byUser.values(), (rows) => Int32Array.from(rows).sort((a, b) => fromMs[a]! - fromMs[b]!));
}
