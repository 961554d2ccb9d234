import { RefrainError } from "../../base/errors.js";
import type { DriftColumn } from "../../monitor/drift/column.js";
import type { TableColumn } from "../../store/read-table.js";

/** Text of more different values than this is an id or prose. */
const CATEGORIES_MAX = 20;
const NAMES_OF_IDS = /^(id|uid|uuid|key|index|row|user|user_?id|unnamed: 0)$/i;
const ENDS_LIKE_ID = /(_id|_uuid|_key|[a-z]Id|[a-z]ID)$/;
const DATE = /^\d{4}-\d{2}-\d{2}([ T]\d{2}:\d{2}(:\d{2}(\.\d+)?)?([+-]\d{2}(:?\d{2})?|Z)?)?$/;
/** From 1973 to 5138, in milliseconds. */
const MS = { min: 1e11, max: 1e14 };

/** A column as both tables have it. */
export interface ColumnPair {
  readonly name: string;
  readonly reference: TableColumn;
  readonly current: TableColumn;
}

type Tested = Pick<DriftColumn, "levels" | "reference" | "current">;

/** Whether a name is that of the column of users. */
export function namesUsers(name: string): boolean {
  return /^user_?id$/i.test(name);
}

/**
 * What is tested of a column, or why nothing is: names of rows, moments and prose differ between any two tables. Fails with TABLE_BAD
 * for a number that is infinite, and for text in one table where the other has numbers.
 */
export function testedOf(
  { name, reference, current }: ColumnPair,
  paths: { readonly reference: string; readonly current: string },
): Tested | { readonly reason: string } {
  const [one, two] = [asNumbersIfEmpty(reference, current), asNumbersIfEmpty(current, reference)];
  if (one.kind !== two.kind) {
    const [texts, numbers] =
      one.kind === "text" ? (["reference", "current"] as const) : (["current", "reference"] as const);
    const reason = `column ${name} holds text, numbers in ${paths[numbers]}`;
    throw new RefrainError("TABLE_BAD", {
      path: paths[texts],
      reason,
      advice: "Use one kind, or leave it out with --drop.",
    });
  }
  if (one.kind === "number" && two.kind === "number") {
    checkFinite(paths.reference, one);
    checkFinite(paths.current, two);
    const reason = whyNumbersAreLeftOut(name, one.values, two.values);
    return reason === null ? { levels: null, reference: one.values, current: two.values } : { reason };
  }
  const texts = [textsOf(one), textsOf(two)] as const;
  const levels = [...new Set([...texts[0], ...texts[1]])].filter((value) => value !== null).sort();
  const reason = whyTextIsLeftOut(name, levels);
  if (reason !== null) return { reason };
  const codeOf = new Map(levels.map((level, code) => [level, code]));
  const codes = (values: readonly (string | null)[]) =>
    Float64Array.from(values, (value) => (value === null ? Number.NaN : (codeOf.get(value) ?? Number.NaN)));
  return { levels, reference: codes(texts[0]), current: codes(texts[1]) };
}

/** A CSV column without any value has no kind: it takes that of its like in the other table. */
function asNumbersIfEmpty(column: TableColumn, other: TableColumn): TableColumn {
  const { kind, name, values } = column;
  if (kind === "number" || other.kind === "text" || values.some((value) => value !== null)) return column;
  return { name, kind: "number", values: new Float64Array(values.length).fill(Number.NaN) };
}

function textsOf(column: TableColumn): readonly (string | null)[] {
  return column.kind === "text" ? column.values : [];
}

function checkFinite(path: string, { name, values }: { readonly name: string; readonly values: Float64Array }): void {
  const odd = values.findIndex((value) => Math.abs(value) === Number.POSITIVE_INFINITY);
  if (odd < 0) return;
  const reason = `column ${name} is ${values[odd]} in row ${odd + 1}`;
  throw new RefrainError("TABLE_BAD", { path, reason, advice: "Leave the cell blank if it is missing." });
}

const EMPTY = "it has no value in either table";
const ID = "it names rows";
const MOMENT = "it is a moment in time";

function whyNumbersAreLeftOut(name: string, reference: Float64Array, current: Float64Array): string | null {
  const both = [reference, current];
  if (both.every((values) => values.every(Number.isNaN))) return EMPTY;
  if (NAMES_OF_IDS.test(name)) return ID;
  if (ENDS_LIKE_ID.test(name) && new Set([...reference, ...current]).size > CATEGORIES_MAX) return ID;
  if (both.every((values) => values.every(isMomentOrMissing))) return MOMENT;
  return both.every(numbersRows) ? "it numbers rows" : null;
}

const isMomentOrMissing = (value: number): boolean =>
  Number.isNaN(value) || (value >= MS.min && value <= MS.max && Number.isInteger(value));

/** Whole numbers, each there once, with few gaps. */
function numbersRows(values: Float64Array): boolean {
  if (values.length <= CATEGORIES_MAX || !values.every(Number.isInteger)) return false;
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  // Most columns of counts are far from it, so that few are looked through for what comes twice.
  const room = 2.5 * values.length;
  return most - least < room && most - least >= values.length - 1 && new Set(values).size === values.length;
}

function whyTextIsLeftOut(name: string, levels: readonly string[]): string | null {
  if (levels.length === 0) return EMPTY;
  if (NAMES_OF_IDS.test(name)) return ID;
  if (levels.every((level) => DATE.test(level))) return MOMENT;
  return levels.length > CATEGORIES_MAX ? `it is text of ${levels.length} different values` : null;
}
