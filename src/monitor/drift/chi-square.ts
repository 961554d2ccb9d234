import { chiSquareUpperTail } from "../../base/math/incomplete-gamma.js";

export interface ChiSquareTest {
  readonly statistic: number;
  readonly df: number;
  readonly p: number;
  /** Cramér's V, 0 (the same shares) to 1. */
  readonly effect: number;
}

/**
 * Pearson's chi-square of two rows of counts, without Yates's correction: whether the categories have the same shares in both. Categories
 * that neither has are left out; where one category or one row is left the shares do not differ.
 */
export function chiSquareTest(reference: readonly number[], current: readonly number[]): ChiSquareTest {
  const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);
  const [n, m] = [sum(reference), sum(current)];
  const columns = reference.map((count, k) => [count, current[k] ?? 0] as const).filter(([a, b]) => a + b > 0);
  if (n === 0 || m === 0 || columns.length < 2) return { statistic: 0, df: 0, p: 1, effect: 0 };
  const statistic = columns.reduce((total, [a, b]) => {
    const [forA, forB] = [((a + b) * n) / (n + m), ((a + b) * m) / (n + m)];
    return total + (a - forA) ** 2 / forA + (b - forB) ** 2 / forB;
  }, 0);
  const df = columns.length - 1;
  return { statistic, df, p: chiSquareUpperTail(statistic, df), effect: Math.sqrt(statistic / (n + m)) };
}
