import type { Rng } from "../../base/rng.js";
import { shuffledIndices } from "../../base/rng.js";
import { clopperPearson } from "../../evaluate/proportion-intervals.js";
import { binsOf } from "../../monitor/drift/bins.js";
import type { DriftColumn } from "../../monitor/drift/column.js";
import { binRows } from "../../monitor/drift/distance.js";
import { REFERENCE_P, referenceRuleAlarms } from "../../monitor/drift/reference-rule.js";
import { sampleOf } from "../../monitor/drift/sample.js";
import type { FeatureDrift, ReferenceRuleDocument } from "../../schema/drift-document.js";

const HALVES = 400;
/** More rows than this say the same. */
const ROWS_MAX = 4_000;
const ROWS_MIN = 4;

/** The reference system's rule on features that were compared, and how often it is wrong on random halves of the reference. */
export function referenceRule(
  features: readonly Pick<FeatureDrift, "name" | "test" | "testP">[],
  columns: readonly DriftColumn[],
  rng: Rng,
): ReferenceRuleDocument {
  const below = features.filter(({ test, testP }) => test === "ks" && testP < REFERENCE_P).map(({ name }) => name);
  return { drifted: below.length > 0, features: below, falseAlarms: falseAlarms(columns, rng) };
}

function falseAlarms(columns: readonly DriftColumn[], rng: Rng): ReferenceRuleDocument["falseAlarms"] {
  const numbers = columns.filter(({ levels }) => levels === null);
  const all = numbers[0]?.reference.length ?? 0;
  if (all < ROWS_MIN) return null;
  const taken = shuffledIndices(all, rng.fork("rows")).subarray(0, ROWS_MAX);
  const values = numbers.map(({ reference }) => Float64Array.from(taken, (row) => reference[row] ?? Number.NaN));
  const bins = values.map((own) => binsOf(sampleOf(own), Number.POSITIVE_INFINITY));
  const alarms = referenceRuleAlarms(binRows(values, bins, taken.length), HALVES, rng.fork("halves"));
  const { low, high } = clopperPearson({ k: alarms, n: HALVES, level: 0.95 });
  return { halves: HALVES, alarms, share: alarms / HALVES, low, high };
}
