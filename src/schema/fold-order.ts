/**
 * THE order in which one user's events are folded, in batch, live and on Spark. These five settle it for nearly all rows, and
 * SQL sorts by them.
 */
export const FOLD_ORDER = ["knownAtMs", "tsMs", "sessionId", "item", "page"] as const;

/**
 * What is left to tell two rows apart that agree in all of `FOLD_ORDER` (one with its user on it and one without; two pages
 * that `PAGES` does not name): their whole content. Rows that agree in this too are the same to every fold.
 */
export const TIE_ORDER = [
  "auth",
  "level",
  "status",
  "length10us",
  "artist",
  "song",
  "registrationMs",
  "gender",
] as const;

/** All fields of an event. The state comes last, and by its name, so that lists that number states differently agree. */
export const ORDERED_FIELDS = [...FOLD_ORDER, ...TIE_ORDER, "state"] as const;

/** What an event is compared by; a row of columns and an event object both give it. */
export type Ordered = Readonly<Record<(typeof ORDERED_FIELDS)[number], number>>;

/** The order of SQL columns that stand for `FOLD_ORDER`, as an ORDER BY list. */
export function foldOrderSql(column: Readonly<Record<(typeof FOLD_ORDER)[number], string>>): string {
  return FOLD_ORDER.map((key) => column[key]).join(", ");
}

type CompareStates = (a: number, b: number) => number;

/** Batch numbers its states in the order of their names. */
const byCode: CompareStates = (a, b) => a - b;

/** Negative where `a` is folded before `b`; 0 only where no fold can tell them apart. */
export function compareInFoldOrder(a: Ordered, b: Ordered, compareStates: CompareStates = byCode): number {
  for (const key of FOLD_ORDER) if (a[key] !== b[key]) return a[key] - b[key];
  for (const key of TIE_ORDER) {
    const order = compareNumbers(a[key], b[key]);
    if (order !== 0) return order;
  }
  return compareStates(a.state, b.state);
}

/** NaN comes first. */
function compareNumbers(a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(b)) - Number(Number.isNaN(a));
  return a - b;
}

/** Texts by their code points, which is the order of their UTF-8 bytes: how DuckDB, PostgreSQL ("C") and Spark sort. */
export function compareTexts(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return rank(x) - rank(y);
  }
  return a.length - b.length;
}

/** UTF-16 units in the order of the code points they belong to: surrogates above all others. */
function rank(unit: number): number {
  if (unit >= 0xe000) return unit - 0x800;
  return unit >= 0xd800 ? unit + 0x2000 : unit;
}
