/**
 * P(max |i/n − j/m| ≥ reached / lcm(n, m)) over all equally likely orders of n values of one sample and m of another: the exact two-sided
 * p-value of the two-sample Kolmogorov-Smirnov statistic without ties. Every path through the lattice that meets the bound is counted, so
 * that no digits are lost however small it is (Hodges 1958).
 *
 * @param reached the statistic times the least common multiple of n and m, a whole number
 */
export function latticeUpperTail(reached: number, n: number, m: number): number {
  if (reached <= 0) return 1;
  const divisor = greatestDivisor(n, m);
  const [down, across] = [m / divisor, n / divisor];
  const met = new Float64Array(m + 1);
  for (let i = 0; i <= n; i++) {
    for (let j = 0; j <= m; j++) {
      if (Math.abs(i * down - j * across) >= reached) met[j] = 1;
      else if (i + j === 0) met[j] = 0;
      else met[j] = ((i === 0 ? 0 : i * met[j]!) + (j === 0 ? 0 : j * met[j - 1]!)) / (i + j);
    }
  }
  return met[m]!;
}

/** Euclid's. */
export function greatestDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestDivisor(b, a % b);
}
