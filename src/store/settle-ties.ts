// hot loop
import type { EventColumns } from "../schema/event-columns.js";
import { compareInFoldOrder, ORDERED_FIELDS, type Ordered } from "../schema/fold-order.js";

type OrderedColumns = Pick<EventColumns, keyof Ordered>;

/**
 * Puts rows that agree in all of `FOLD_ORDER` into the order of their content, in place. There are next to none, so this is
 * one comparison a row, where in SQL it would be nine more sort keys.
 */
export function settleTies(columns: OrderedColumns, userStart: Int32Array): void {
  const { knownAtMs, tsMs, sessionId, item, page } = columns;
  for (let user = 0; user + 1 < userStart.length; user++) {
    const end = userStart[user + 1]!;
    for (let row = userStart[user]! + 1; row < end; row++) {
      if (knownAtMs[row]! !== knownAtMs[row - 1]! || tsMs[row]! !== tsMs[row - 1]!) continue;
      if (sessionId[row]! !== sessionId[row - 1]! || item[row]! !== item[row - 1]!) continue;
      if (page[row]! === page[row - 1]!) sink(columns, row, userStart[user]!);
    }
  }
}

/** Moves a row up to its place among the rows above it, none above `first`. */
function sink(columns: OrderedColumns, row: number, first: number): void {
  for (let at = row; at > first && compareInFoldOrder(rowOf(columns, at - 1), rowOf(columns, at)) > 0; at--) {
    for (const name of ORDERED_FIELDS) {
      const values = columns[name];
      const value = values[at]!;
      values[at] = values[at - 1]!;
      values[at - 1] = value;
    }
  }
}

function rowOf(columns: OrderedColumns, row: number): Ordered {
  return Object.fromEntries(ORDERED_FIELDS.map((name) => [name, columns[name][row]])) as unknown as Ordered;
}
