import { type Dataset, takeDataset } from "./dataset.js";

/** Knuth's multiplicative hash: spreads whole numbers evenly over 32 bits. */
const MULTIPLIER = 2_654_435_761;

/**
 * Rows of a share of the users, the same share of those with a 1 and of those without, at least one of each. The users of a smaller
 * share are among those of a larger one.
 */
export function usersOfShare(data: Dataset, share: number): Dataset {
  if (share >= 1) return data;
  const churned = new Set(data.user.filter((_, row) => data.y[row] === 1));
  const kept = new Set([...new Set(data.user)].filter((user) => !churned.has(user)));
  const chosen = new Set([churned, kept].flatMap((users) => firstByHash([...users], share)));
  return takeDataset(
    data,
    Int32Array.from(data.user.keys()).filter((row) => chosen.has(data.user[row] ?? -1)),
  );
}

function firstByHash(users: readonly number[], share: number): number[] {
  const hash = (user: number): number => Math.imul(user + 1, MULTIPLIER) >>> 0;
  return [...users].sort((a, b) => hash(a) - hash(b) || a - b).slice(0, Math.ceil(share * users.length));
}
