import { orderDescending } from "../base/math/sorting.js";
import type { DecisionsDocument, OperatingPoint } from "../schema/decisions-document.js";
import { type DecisionCosts, payingProbability } from "./decision-costs.js";
import type { Threshold } from "./thresholds.js";

/** Shares of the rows, riskiest first, at which the curve is drawn. */
const STEPS = 40;

export interface DecisionRows {
  readonly y: Uint8Array;
  readonly p: Float64Array;
  /** 1 where p reached the threshold that its own model was given. */
  readonly flagged: Uint8Array;
}

/**
 * What contacting the riskiest comes to, share by share, and at the thresholds that may be chosen; with costs, in money a thousand
 * rows. Nothing here was chosen on these rows.
 */
export function decisionsOf(
  rows: DecisionRows,
  {
    costs,
    contacts,
    cutoffs,
  }: { readonly costs: DecisionCosts | null; readonly contacts: number | null; readonly cutoffs: number },
): DecisionsDocument {
  const { y, p, flagged } = rows;
  const order = orderDescending(p);
  const hits = new Float64Array(order.length + 1);
  order.forEach((row, i) => {
    hits[i + 1] = (hits[i] ?? 0) + (y[row] ?? 0);
  });
  const point = (count: number, reached: number): OperatingPoint => ({
    contactedShare: count / y.length,
    reachedShare: reached / (hits[y.length] ?? 0),
    precision: count === 0 ? null : reached / count,
    profitPerThousand: costs === null ? null : (1000 * profitOf(count, reached, costs)) / y.length,
  });
  const top = (count: number) => point(count, hits[count] ?? 0);
  const from = (threshold: number) => top(p.reduce((count, value) => count + (value >= threshold ? 1 : 0), 0));
  const called = flagged.reduce<number>((sum, flag) => sum + flag, 0);
  const hit = flagged.reduce<number>((sum, flag, row) => sum + flag * (y[row] ?? 0), 0);
  return {
    costs,
    contacts,
    atThreshold: point(called, hit),
    ...(costs === null ? {} : { byCost: { threshold: payingProbability(costs), ...from(payingProbability(costs)) } }),
    ...(contacts === null ? {} : { byCapacity: top(Math.min(y.length, contacts * cutoffs)) }),
    curve: Array.from({ length: STEPS + 1 }, (_, step) => top(Math.round((step * y.length) / STEPS))),
  };
}

/** Everybody contacted costs; of those about to leave, a share is kept. */
function profitOf(contacted: number, reached: number, { contactCost, customerValue, saveRate }: DecisionCosts): number {
  return reached * saveRate * customerValue - contacted * contactCost;
}

/** The threshold that as many rows reach, of those given, as can be contacted. */
export function capacityThreshold(p: Float64Array, contacts: number, cutoffs: number): Omit<Threshold, "f1"> {
  const order = orderDescending(p);
  const room = Math.min(p.length, Math.round(contacts * cutoffs));
  const last = room === 0 ? Number.POSITIVE_INFINITY : (p[order[room - 1] ?? -1] ?? 0);
  const next = p[order[room] ?? -1] ?? 0;
  const threshold = room === 0 ? 1 : next < last ? (next + last) / 2 : last;
  return { threshold, why: `as many as can be contacted: ${contacts} at a cutoff` };
}
