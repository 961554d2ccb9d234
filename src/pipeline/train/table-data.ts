import { RefrainError } from "../../base/errors.js";
import type { Matrix } from "../../base/matrix.js";
import type { World } from "../../base/world.js";
import type { TableColumn } from "../../store/read-table.js";

/** Text columns of more different values than this are refused: they are ids or prose. */
const CATEGORIES_MAX = 20;

/** A Newton step solves for all columns at once; beyond this it would take minutes. */
const COLUMNS_MAX: Readonly<Record<string, number>> = { logistic: 1_000, ensemble: 1_000 };

export interface TableRoles {
  readonly label: string;
  readonly id: string;
  readonly drop: readonly string[];
}

/** How a feature is read from a column: as it is, or 1 where the text is `value`. */
interface Encoding {
  readonly feature: string;
  readonly column: string;
  readonly value: string | null;
}

export interface TableData {
  readonly ids: readonly string[];
  readonly features: readonly string[];
  readonly x: Matrix;
  readonly y: Uint8Array;
}

/** Decides how each column of a training table becomes features. Fails with TABLE_BAD. */
export function encodingOf(path: string, columns: readonly TableColumn[], roles: TableRoles): Encoding[] {
  const names = columns.map(({ name }) => name);
  for (const name of [roles.label, roles.id, ...roles.drop]) {
    if (!names.includes(name)) throw bad(path, `it has no column ${name}`, `It has: ${names.join(", ")}.`);
  }
  const used = columns.filter(({ name }) => ![roles.label, roles.id, ...roles.drop].includes(name));
  if (used.length === 0) throw bad(path, "no column is left to learn from", "Drop fewer columns.");
  return used.flatMap((column): Encoding[] => {
    if (column.kind === "number") return [{ feature: column.name, column: column.name, value: null }];
    const values = [...new Set(column.values)].filter((value) => value !== null).sort();
    if (values.length > CATEGORIES_MAX) {
      const reason = `column ${column.name} is text of ${values.length} different values`;
      throw bad(path, reason, `Leave it out with --drop ${column.name}, or turn it into numbers.`);
    }
    return values.map((value) => ({ feature: `${column.name}_${value}`, column: column.name, value }));
  });
}

/** Rows in file order; NaN where a value is missing. Fails with TABLE_BAD. */
export function encodeTable(
  path: string,
  columns: readonly TableColumn[],
  { roles, encodings }: { roles: TableRoles; encodings: readonly Encoding[] },
): TableData {
  const byName = new Map(columns.map((column) => [column.name, column]));
  const need = (name: string): TableColumn => {
    const column = byName.get(name);
    if (column === undefined) throw bad(path, `it has no column ${name}`, `It has: ${[...byName.keys()].join(", ")}.`);
    return column;
  };
  const y = labelsOf(path, need(roles.label));
  const id = need(roles.id);
  const cols = encodings.length;
  const data = new Float64Array(y.length * cols);
  encodings.forEach(({ column: name, value }, j) => {
    const column = need(name);
    for (let row = 0; row < y.length; row++) data[row * cols + j] = cell(path, column, { value, row });
  });
  return {
    ids: textsOf(id),
    features: encodings.map(({ feature }) => feature),
    x: { rows: y.length, cols, data },
    y,
  };
}

function cell(path: string, column: TableColumn, { value, row }: { value: string | null; row: number }): number {
  if (column.kind === "number") {
    if (value !== null)
      throw bad(path, `column ${column.name} holds numbers, text in the training table`, "Use one kind.");
    const number = column.values[row] ?? Number.NaN;
    if (Number.isFinite(number) || Number.isNaN(number)) return number;
    throw bad(path, `column ${column.name} is ${number} in row ${row + 1}`, "Leave the cell blank if it is missing.");
  }
  if (value === null)
    throw bad(path, `column ${column.name} holds text, numbers in the training table`, "Use one kind.");
  const text = column.values[row] ?? null;
  return text === null ? Number.NaN : text === value ? 1 : 0;
}

function labelsOf(path: string, column: TableColumn): Uint8Array {
  const allowed = new Map<string, number>([
    ["0", 0],
    ["1", 1],
    ["false", 0],
    ["true", 1],
  ]);
  return Uint8Array.from(
    textsOf(column).map((text, row) => {
      const label = allowed.get(text.toLowerCase());
      if (label !== undefined) return label;
      throw bad(path, `label ${column.name} is ${text} in row ${row + 1}`, "A label is 0 or 1 in every row.");
    }),
  );
}

function textsOf(column: TableColumn): string[] {
  return column.kind === "number" ? Array.from(column.values, String) : column.values.map(String);
}

function bad(path: string, reason: string, advice: string): RefrainError {
  return new RefrainError("TABLE_BAD", { path, reason, advice });
}

/** Fails with TABLE_BAD where there are more features than a model takes, or fewer rows of a label than there are folds. */
export function checkFit(
  path: string,
  { features, y, ids }: TableData,
  { models, folds }: { readonly models: readonly string[]; readonly folds: number },
  world: World,
): void {
  for (const model of models) {
    const most = COLUMNS_MAX[model];
    if (most === undefined || features.length <= most) continue;
    const advice = `Drop some, or leave ${model} out of --models: trees take any number.`;
    throw bad(path, `it has ${features.length} columns to learn from, and ${model} takes at most ${most}`, advice);
  }
  const churned = y.reduce<number>((sum, label) => sum + label, 0);
  const [rarer, label] = churned * 2 <= y.length ? [churned, 1] : [y.length - churned, 0];
  if (rarer > 0 && rarer < folds) {
    const reason = `only ${rarer} of its ${y.length} rows have label ${label}, and ${folds} folds need ${folds}`;
    throw bad(path, reason, "Give more rows.");
  }
  const repeated = ids.length - new Set(ids).size;
  if (repeated > 0) {
    world.log.warn(
      `${path}: ${repeated} rows repeat an id. Intervals draw the rows of an id together, but folds part them: scores then flatter.`,
    );
  }
}
