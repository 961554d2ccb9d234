/** Below it comparing is as quick. */
const RADIX_MIN = 2_000;
const DIGITS = 65_536;

/**
 * Numbers in ascending order, in a new array or in `values` itself, which is used up. By the bits of float64, sixteen at a time from the
 * lowest: many times faster than comparing where there are many, and the passes in which all bits are alike are left out. −0 comes
 * before 0. There must be no NaN.
 */
export function sortNumbers(values: Float64Array): Float64Array {
  const n = values.length;
  if (n < RADIX_MIN) return values.sort();
  const counts = [0, 1, 2, 3].map(() => new Int32Array(DIGITS));
  let [from, to]: [Float64Array, Float64Array] = [values, new Float64Array(n)];
  const first = new Uint16Array(from.buffer, from.byteOffset, 4 * n);
  for (let digit = 0; digit < 4; digit++) {
    const own = counts[digit]!;
    for (let i = digit; i < 4 * n; i += 4) own[first[i]!]! += 1;
  }
  for (let digit = 0; digit < 4; digit++) {
    const places = counts[digit]!;
    const digits = new Uint16Array(from.buffer, from.byteOffset, 4 * n);
    if (places[digits[digit]!] === n) continue;
    let before = 0;
    for (let k = 0; k < DIGITS; k++) {
      const count = places[k]!;
      places[k] = before;
      before += count;
    }
    for (let i = 0; i < n; i++) {
      const key = digits[4 * i + digit]!;
      to[places[key]!] = from[i]!;
      places[key]! += 1;
    }
    [from, to] = [to, from];
  }
  return negativesFirst(from, to);
}

/** Bits of negative numbers are above those of all others, the largest number lowest: they go to the front, turned around. */
function negativesFirst(sorted: Float64Array, room: Float64Array): Float64Array {
  const n = sorted.length;
  let positive = 0;
  while (positive < n && !isNegative(sorted[positive]!)) positive++;
  if (positive === n) return sorted;
  for (let i = 0; i < n - positive; i++) room[i] = sorted[n - 1 - i]!;
  for (let i = 0; i < positive; i++) room[n - positive + i] = sorted[i]!;
  return room;
}

function isNegative(value: number): boolean {
  return value < 0 || Object.is(value, -0);
}
