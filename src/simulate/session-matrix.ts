import { STATES } from "./states.js";
import { END, firstStates, type Walk } from "./transitions.js";
import type { Standing } from "./walk.js";

/** The standings a registered listener can be in between sessions. */
export const STANDINGS = ["Logged In|free", "Logged In|paid", "Logged Out|free", "Logged Out|paid"] as const;

/** What one session comes to, by the absorbing Markov chain of its walk. */
export interface SessionOutlook {
  readonly rows: number;
  readonly songs: number;
  readonly cancel: number;
  /** Probability of ending (not cancelled) in each of `STANDINGS`. */
  readonly endsIn: Float64Array;
  /** Expected visits of each state. */
  readonly visits: Float64Array;
}

/** Exact expectations of a session begun in a standing: visits v solve v = start + v P. */
export function sessionOutlook(walk: Walk, standing: Standing): SessionOutlook {
  const visits = expectedVisits(walk, standing);
  const endsIn = new Float64Array(STANDINGS.length);
  let rows = 0;
  let songs = 0;
  let cancel = 0;
  STATES.forEach((state, i) => {
    const visit = visits[i] as number;
    rows += visit;
    if (state.song) songs += visit;
    if (state.auth === "Cancelled") cancel += visit;
    const ends = visit * (walk.probability[i * (STATES.length + 1) + END] as number);
    const at = (STANDINGS as readonly string[]).indexOf(state.standing);
    if (at >= 0) endsIn[at] = (endsIn[at] as number) + ends;
  });
  return { rows, songs, cancel, endsIn, visits };
}

/** Solves (I − Pᵀ) v = start by Gauss elimination with partial pivoting. */
function expectedVisits(walk: Walk, standing: Standing): Float64Array {
  const n = STATES.length;
  const a = Array.from({ length: n }, (_, row) => {
    const line = new Float64Array(n + 1);
    for (let col = 0; col < n; col++) {
      line[col] = (row === col ? 1 : 0) - (walk.probability[col * (n + 1) + row] as number);
    }
    return line;
  });
  for (const [state, share] of firstStates(standing)) (a[state] as Float64Array)[n] = share;
  // Hot loop: n³ for each walk.
  for (let col = 0; col < n; col++) {
    let best = col;
    for (let row = col + 1; row < n; row++) if (Math.abs(a[row]![col]!) > Math.abs(a[best]![col]!)) best = row;
    [a[col], a[best]] = [a[best]!, a[col]!];
    const pivot = a[col]!;
    for (let row = 0; row < n; row++) {
      const line = a[row]!;
      const factor = row === col ? 0 : line[col]! / pivot[col]!;
      if (factor !== 0) for (let k = col; k <= n; k++) line[k] = line[k]! - factor * pivot[k]!;
    }
  }
  return Float64Array.from({ length: n }, (_, i) => a[i]![n]! / a[i]![i]!);
}
