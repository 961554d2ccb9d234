/** Row numbers by ascending value; equal values keep their order. Values must not be NaN. */
export function orderAscending(values: ArrayLike<number>): Int32Array {
  return rowNumbers(values.length).sort((i, j) => values[i]! - values[j]! || i - j);
}

/** Row numbers by descending value; equal values keep their order. Values must not be NaN. */
export function orderDescending(values: ArrayLike<number>): Int32Array {
  return rowNumbers(values.length).sort((i, j) => values[j]! - values[i]! || i - j);
}

function rowNumbers(count: number): Int32Array {
  const rows = new Int32Array(count);
  for (let i = 0; i < count; i++) rows[i] = i;
  return rows;
}

/** The quantile of values already in ascending order, by linear interpolation (NumPy's default); NaN when empty. */
export function sortedQuantile(ascending: ArrayLike<number>, share: number): number {
  const n = ascending.length;
  if (n === 0) return Number.NaN;
  const at = share * (n - 1);
  const below = Math.min(Math.floor(at), n - 1);
  const above = Math.min(below + 1, n - 1);
  return ascending[below]! + (at - below) * (ascending[above]! - ascending[below]!);
}

/**
 * Index of the first value above `value` among values in ascending order, their number where none is; by binary search. So
 * many values are at most `value`. 0 for NaN.
 */
export function firstAbove(ascending: ArrayLike<number>, value: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ascending[middle]! <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}
