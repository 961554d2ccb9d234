import { RefrainError } from "../../base/errors.js";
import { type Matrix, matrix } from "../../base/matrix.js";
import type { TableColumn } from "../../store/read-table.js";

/** Reads one feature of a row. */
type ReadCell = (row: number) => number;

export interface TableRows {
  readonly ids: readonly string[];
  /** Names of the columns that were read, in the model's order. */
  readonly columns: readonly string[];
  readonly x: Matrix;
}

/**
 * The rows of a table as a model sees them, in file order. A feature is a column of numbers of its name, or `column_value`: 1 where
 * a column of text holds the value, as tables are trained on. A blank cell is missing. Fails with TABLE_BAD.
 *
 * @param features null for a model without names: it takes the columns in file order, the id left out
 */
export function rowsForModel(
  path: string,
  table: readonly TableColumn[],
  { id, features, inputs }: { id: string; features: readonly string[] | null; inputs: number },
): TableRows {
  const has = `It has: ${table.map(({ name }) => name).join(", ")}.`;
  const ids = table.find(({ name }) => name === id);
  if (ids === undefined) throw bad(path, `it has no column ${id}`, has);
  const others = table.filter(({ name }) => name !== id);
  if (features === null && others.length !== inputs) {
    const reason = `it has ${others.length} columns besides ${id}, and the model, which names none, wants ${inputs}`;
    throw bad(path, reason, "Leave out the columns that the model was not trained on.");
  }
  const columns = features ?? others.map(({ name }) => name);
  const cells = columns.map((feature) => readerOf(path, others, feature) ?? missing(path, feature, has));
  const keys = ids.kind === "number" ? Array.from(ids.values, String) : ids.values.map((value) => value ?? "");
  const rows = keys.length;
  const x = matrix(rows, inputs);
  cells.forEach((cell, j) => {
    for (let row = 0; row < rows; row++) x.data[row * inputs + j] = cell(row);
  });
  return { ids: keys, columns, x };
}

function missing(path: string, feature: string, has: string): never {
  throw bad(path, `it has no column ${feature}`, has);
}

function readerOf(path: string, table: readonly TableColumn[], feature: string): ReadCell | null {
  const same = table.find(({ name }) => name === feature);
  if (same !== undefined) return numbersOf(path, same);
  for (const column of table) {
    if (column.kind !== "text" || !feature.startsWith(`${column.name}_`)) continue;
    const wanted = feature.slice(column.name.length + 1);
    return (row) => {
      const text = column.values[row] ?? null;
      return text === null ? Number.NaN : text === wanted ? 1 : 0;
    };
  }
  return null;
}

function numbersOf(path: string, column: TableColumn): ReadCell {
  if (column.kind === "text") {
    if (column.values.every((value) => value === null)) return () => Number.NaN;
    const reason = `column ${column.name} holds text, and the model wants numbers`;
    throw bad(path, reason, "Turn it into numbers, as for training.");
  }
  const { name, values } = column;
  const odd = values.findIndex((value) => !Number.isNaN(value) && !Number.isFinite(value));
  if (odd < 0) return (row) => values[row] ?? Number.NaN;
  throw bad(path, `column ${name} is ${values[odd]} in row ${odd + 1}`, "Leave the cell blank if it is missing.");
}

function bad(path: string, reason: string, advice: string): RefrainError {
  return new RefrainError("TABLE_BAD", { path, reason, advice });
}
