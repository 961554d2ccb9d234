import type { GroupKpis } from "../../schema/loop-documents.js";

const COHORTS_MAX = 24;

interface Group {
  readonly plan: string;
  readonly cohort: string;
  readonly active: number;
  readonly churned: number;
}

/** Active users and who left, by plan. */
export function byPlan(groups: readonly Group[]): Record<string, GroupKpis> {
  return summed(groups, ({ plan }) => (plan === "" ? "unknown" : plan));
}

/** The same by month of registration: the latest two years, and all before them together. */
export function byCohort(groups: readonly Group[]): Record<string, GroupKpis> {
  const months = [...new Set(groups.map(({ cohort }) => cohort))].filter((month) => month !== "").sort();
  const shown = new Set(months.slice(-COHORTS_MAX));
  return summed(groups, ({ cohort }) => (cohort === "" ? "unknown" : shown.has(cohort) ? cohort : "earlier"));
}

function summed(groups: readonly Group[], nameOf: (group: Group) => string): Record<string, GroupKpis> {
  const sums: Record<string, { active_28d: number; churned: number }> = {};
  for (const group of groups) {
    const own = sums[nameOf(group)] ?? { active_28d: 0, churned: 0 };
    sums[nameOf(group)] = { active_28d: own.active_28d + group.active, churned: own.churned + group.churned };
  }
  return Object.fromEntries(Object.entries(sums).sort(([a], [b]) => (a < b ? -1 : 1)));
}
