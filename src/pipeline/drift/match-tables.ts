import { RefrainError } from "../../base/errors.js";
import type { Rng } from "../../base/rng.js";
import type { DriftColumn } from "../../monitor/drift/column.js";
import { onePerUser } from "../../monitor/drift/one-per-user.js";
import type { DriftDocument } from "../../schema/drift-document.js";
import type { TableColumn } from "../../store/read-table.js";
import { shownOnlyOf } from "./shown-only.js";
import { namesUsers, testedOf } from "./table-column.js";

/** A table that was read, and from where. */
export interface NamedTable {
  readonly path: string;
  readonly columns: readonly TableColumn[];
}

/** Two tables, made comparable. */
export interface MatchedTables extends Pick<DriftDocument, "rows" | "leftOut" | "notes"> {
  readonly columns: readonly DriftColumn[];
}

/**
 * The columns that two tables share, and what was left out and why. Where a column of users repeats ids one row a user is kept, drawn by
 * `rng`: the rows of a user are no independent witnesses. Fails with TABLE_BAD: no row, no column in common, an unknown name in `drop`,
 * infinite numbers, text against numbers.
 */
export function matchTables(
  reference: NamedTable,
  current: NamedTable,
  drop: readonly string[],
  rng: Rng,
): MatchedTables {
  for (const table of [reference, current]) {
    if (rowsOf(table) === 0) throw bad(table.path, "it has no row", "Give a table with a header and at least one row.");
  }
  const names = new Set([...reference.columns, ...current.columns].map(({ name }) => name));
  const unknown = drop.find((name) => !names.has(name));
  if (unknown !== undefined) {
    throw bad(reference.path, `neither table has a column ${unknown}`, `There are: ${[...names].join(", ")}.`);
  }
  const notes: string[] = [];
  const [before, now] = [
    withOneRowPerUser(reference, rng.fork("reference"), notes),
    withOneRowPerUser(current, rng.fork("current"), notes),
  ];
  notes.push(...sharedUsers(before, now));
  const { columns, leftOut } = columnsOf(before, now, new Set(drop));
  if (columns.length === 0) {
    const told = leftOut.map(({ name, reason }) => `${name}: ${reason}`).join("; ");
    throw bad(current.path, `it has no column to compare with ${reference.path}`, `Left out: ${told}.`);
  }
  if (columns.every((column) => sameValues(column))) notes.push("Both tables hold the same rows.");
  return { columns, rows: { reference: rowsOf(before), current: rowsOf(now) }, leftOut, notes };
}

function columnsOf(
  reference: NamedTable,
  current: NamedTable,
  drop: ReadonlySet<string>,
): Pick<MatchedTables, "columns" | "leftOut"> {
  const columns: DriftColumn[] = [];
  const leftOut: { name: string; reason: string }[] = [];
  const shownOnly = shownOnlyOf([...reference.columns, ...current.columns].map(({ name }) => name));
  const others = new Map(current.columns.map((column) => [column.name, column]));
  for (const column of reference.columns) {
    const { name } = column;
    const other = others.get(name);
    others.delete(name);
    if (drop.has(name)) leftOut.push({ name, reason: "as asked" });
    else if (other === undefined) leftOut.push({ name, reason: "only the reference has it" });
    else {
      const pair = { name, reference: column, current: other };
      const tested = testedOf(pair, { reference: reference.path, current: current.path });
      if ("reason" in tested) leftOut.push({ name, reason: tested.reason });
      else columns.push({ name, shownOnly: shownOnly(name), weight: 1, ...tested });
    }
  }
  for (const name of others.keys()) {
    leftOut.push({ name, reason: drop.has(name) ? "as asked" : "the reference does not have it" });
  }
  return { columns, leftOut };
}

function rowsOf({ columns }: NamedTable): number {
  return columns[0]?.values.length ?? 0;
}

function usersOf({ columns }: NamedTable): readonly string[] | null {
  const column = columns.find(({ name }) => namesUsers(name));
  return column === undefined ? null : Array.from(column.values, String);
}

/** Of each user one row, drawn; the table itself where no user has two. */
function withOneRowPerUser(table: NamedTable, rng: Rng, notes: string[]): NamedTable {
  const users = usersOf(table);
  if (users === null || new Set(users).size === users.length) return table;
  const rows = onePerUser(users, rng);
  notes.push(`${table.path}: one row a user is looked at, ${rows.length} of ${users.length}.`);
  return { path: table.path, columns: table.columns.map((column) => takeCells(column, rows)) };
}

function takeCells(column: TableColumn, rows: Int32Array): TableColumn {
  if (column.kind === "number") {
    return { ...column, values: Float64Array.from(rows, (row) => column.values[row] ?? Number.NaN) };
  }
  return { ...column, values: Array.from(rows, (row) => column.values[row] ?? null) };
}

function sharedUsers(reference: NamedTable, current: NamedTable): string[] {
  const [before, now] = [usersOf(reference), usersOf(current)];
  if (before === null || now === null) return [];
  const known = new Set(before);
  const shared = now.filter((user) => known.has(user)).length;
  if (shared === 0) return [];
  return [
    `${shared} of ${now.length} users are in both tables: they resemble themselves, so tables differ less than the budget reckons with, and alarms come later.`,
  ];
}

function sameValues({ reference, current }: DriftColumn): boolean {
  return reference.length === current.length && reference.every((value, row) => Object.is(value, current[row]));
}

function bad(path: string, reason: string, advice: string): RefrainError {
  return new RefrainError("TABLE_BAD", { path, reason, advice });
}
