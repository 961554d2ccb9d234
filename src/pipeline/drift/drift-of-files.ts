import { seededRng } from "../../base/rng.js";
import type { World } from "../../base/world.js";
import { driftOfTables } from "../../monitor/drift/two-tables.js";
import { ROWS_MIN } from "../../monitor/drift/verdict.js";
import type { DriftDocument } from "../../schema/drift-document.js";
import { readTable } from "../../store/read-table.js";
import { matchTables } from "./match-tables.js";
import { referenceRule } from "./reference-rule.js";

/** Permutations: enough for the tail of a daily check. */
const RESAMPLES = 4_000;

export interface FilesOptions {
  readonly reference: string;
  readonly current: string;
  readonly rule: DriftDocument["rule"];
  /** Columns that are not looked at. */
  readonly drop: readonly string[];
  /** False alarms a year. */
  readonly alarmBudget: number;
}

/** Drift between two tables of features. Fails with PATH_ABSENT, TABLE_BAD or FILE_UNREADABLE. */
export async function driftOfFiles(options: FilesOptions, world: World): Promise<DriftDocument> {
  const [reference, current] = [
    { path: options.reference, columns: await readTable(options.reference, world) },
    { path: options.current, columns: await readTable(options.current, world) },
  ];
  const rng = seededRng(world.seed).fork("drift");
  const { columns, leftOut, ...matched } = matchTables(reference, current, options.drop, rng.fork("users"));
  const { rows } = matched;
  const plan = { rows, alarmBudget: options.alarmBudget, resamples: RESAMPLES };
  const found = driftOfTables(columns, plan, rng.fork("null"));
  const fewest = Math.min(rows.reference, rows.current);
  const notes = [
    ...matched.notes,
    ...(fewest < ROWS_MIN
      ? [`${fewest} ${fewest === 1 ? "row is" : "rows are"} too few to tell: no alarm below ${ROWS_MIN}.`]
      : []),
  ];
  const rule = options.rule === "reference" ? referenceRule(found.features, columns, rng.fork("halves")) : null;
  const drifted = rule === null ? found.drifted : rule.drifted;
  return { ...found, drifted, rule: options.rule, leftOut, notes, referenceRule: rule };
}
