import type { LogisticState } from "../../models/logistic.js";

const STRONGEST_MAX = 15;

/** Features by the size of their coefficient: log-odds a standard deviation. Empty for models without coefficients. */
export function strongestOf(state: unknown, features: readonly string[]): { feature: string; effect: number }[] {
  const { kind, columns, coef, kinds } = state as LogisticState;
  if (kind !== "logistic") return [];
  const names = [...features, ...(kinds?.names ?? [])];
  return columns
    .map((column, k) => ({ feature: names[column] ?? `column ${column}`, effect: coef[k] ?? 0 }))
    .filter(({ effect }) => effect !== 0)
    .sort((a, b) => Math.abs(b.effect) - Math.abs(a.effect))
    .slice(0, STRONGEST_MAX);
}
