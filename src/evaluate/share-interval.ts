/** 97.5% point of the normal distribution. */
const Z = 1.959963984540054;

/**
 * 95% interval of the share of rows with a 1, where the rows of a user stand and fall together: Wilson's (1927), at the number of
 * independent rows that would make the share as uncertain as the users make it (Korn & Graubard 1998), between the number of users and
 * that of rows.
 */
export function shareInterval(
  y: ArrayLike<number>,
  user: ArrayLike<number>,
): { readonly share: number; readonly low: number; readonly high: number } {
  const n = y.length;
  const sums = new Map<number, { ones: number; rows: number }>();
  let ones = 0;
  for (let row = 0; row < n; row++) {
    const id = user[row] ?? -1;
    const own = sums.get(id) ?? { ones: 0, rows: 0 };
    own.ones += y[row] ?? 0;
    own.rows++;
    ones += y[row] ?? 0;
    sums.set(id, own);
  }
  const share = ones / n;
  const squares = [...sums.values()].reduce((sum, own) => sum + (own.ones - share * own.rows) ** 2, 0);
  const alike = n === 0 ? Number.NaN : (share * (1 - share)) / (squares / (n * n));
  const effective = Math.min(n, Math.max(sums.size, Number.isFinite(alike) ? alike : sums.size));
  return { share, ...wilson(share, effective) };
}

function wilson(share: number, n: number): { low: number; high: number } {
  const middle = (share + (Z * Z) / (2 * n)) / (1 + (Z * Z) / n);
  const half = (Z * Math.sqrt((share * (1 - share)) / n + (Z * Z) / (4 * n * n))) / (1 + (Z * Z) / n);
  return { low: Math.max(0, middle - half), high: Math.min(1, middle + half) };
}
