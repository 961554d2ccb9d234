import type { FeatureDrift } from "../../schema/drift-document.js";
import { jensenShannon, jensenShannonOfShares, populationStability, stabilityOfShares } from "./binned-shares.js";
import { chiSquareTest } from "./chi-square.js";
import type { DriftColumn } from "./column.js";
import { ksTest } from "./ks.js";
import { mannWhitney } from "./mann-whitney.js";
import { deviationOf, type Sample, sizeOf } from "./sample.js";
import { wasserstein } from "./wasserstein.js";

/** A column and its samples, sorted once for all statistics. */
export interface SampledColumn extends Pick<DriftColumn, "name" | "levels" | "shownOnly" | "weight"> {
  readonly reference: Sample;
  readonly current: Sample;
}

/** What one column alone says; the adjusted p and the alarm are of all columns together. */
export type OwnDrift = Omit<FeatureDrift, "adjustedP" | "drifted" | "alarmed">;

/** How a column differs, by every statistic. */
export function compareColumn(column: SampledColumn): OwnDrift {
  return column.levels === null ? compareNumbers(column) : compareCategories(column, column.levels.length);
}

function compareNumbers({ name, shownOnly, weight, reference, current }: SampledColumn): OwnDrift {
  const { statistic, p } = ksTest(reference, current);
  const deviation = deviationOf(reference);
  const distance = wasserstein(reference, current);
  const ranks = mannWhitney(reference, current);
  const isTold = reference.sorted.length > 0 && current.sorted.length > 0;
  return {
    name,
    test: "ks",
    statistic,
    p,
    testP: p,
    effect: statistic,
    shownOnly,
    weight,
    missing: missingShares(reference, current),
    psi: populationStability(reference, current),
    jensenShannon: jensenShannon(reference, current),
    wasserstein: deviation > 0 && Number.isFinite(distance) ? distance / deviation : null,
    larger: isTold ? { effect: 0 - ranks.effect, p: ranks.p } : null,
  };
}

function compareCategories({ name, shownOnly, weight, reference, current }: SampledColumn, levels: number): OwnDrift {
  const [before, now] = [levelCounts(reference, levels), levelCounts(current, levels)];
  const { statistic, p, effect } = chiSquareTest(before, now);
  const [sharesBefore, sharesNow] = [sharesOf(before), sharesOf(now)];
  return {
    name,
    test: "chi-square",
    statistic,
    p,
    testP: p,
    effect,
    shownOnly,
    weight,
    missing: missingShares(reference, current),
    psi: stabilityOfShares(sharesBefore, sharesNow),
    jensenShannon: jensenShannonOfShares(sharesBefore, sharesNow),
    wasserstein: null,
    larger: null,
  };
}

function missingShares(reference: Sample, current: Sample): FeatureDrift["missing"] {
  const share = (sample: Sample) => (sizeOf(sample) === 0 ? 0 : sample.missing / sizeOf(sample));
  return { reference: share(reference), current: share(current) };
}

/** Rows by category, missing ones first. */
function levelCounts({ sorted, missing }: Sample, levels: number): number[] {
  const counts = new Array<number>(levels + 1).fill(0);
  counts[0] = missing;
  for (const code of sorted) counts[code + 1] = (counts[code + 1] ?? 0) + 1;
  return counts;
}

function sharesOf(counts: readonly number[]): number[] {
  const rows = counts.reduce((sum, count) => sum + count, 0);
  return counts.map((count) => (rows === 0 ? 0 : count / rows));
}
