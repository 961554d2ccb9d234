import type { Rng } from "../../base/rng.js";

/** Of each user one row, drawn at random among the user's; in the order of the rows. */
export function onePerUser<U>(users: ArrayLike<U>, rng: Rng): Int32Array {
  const kept = new Map<U, { row: number; seen: number }>();
  for (let row = 0; row < users.length; row++) {
    const user = users[row] as U;
    const own = kept.get(user) ?? { row, seen: 0 };
    own.seen++;
    if (rng.below(own.seen) === 0) own.row = row;
    kept.set(user, own);
  }
  return Int32Array.from([...kept.values()], ({ row }) => row).sort();
}
