// hot loop
import { shared } from "./column-chunks.js";

/** Rows by group: group g has the rows order[start[g]] … order[start[g + 1] − 1]. */
export interface GroupedRows {
  readonly start: Int32Array;
  readonly order: Int32Array;
}

/**
 * Orders rows by group, and within each by `compare`. A counting sort, then a sort of those groups that are not in order yet:
 * a lake's files are in the order of time, so that most are, or are two runs to be merged.
 *
 * @param group of each row, 0 … groups − 1
 */
export function groupRows(group: Int32Array, groups: number, compare: (a: number, b: number) => number): GroupedRows {
  const start = shared.int32(groups + 1);
  for (let row = 0; row < group.length; row++) start[group[row]! + 1]!++;
  for (let g = 0; g < groups; g++) start[g + 1]! += start[g]!;
  const next = start.slice(0, groups);
  const order = new Int32Array(group.length);
  for (let row = 0; row < group.length; row++) order[next[group[row]!]!++] = row;
  for (let g = 0; g < groups; g++) {
    const [from, to] = [start[g]!, start[g + 1]!];
    for (let at = from + 1; at < to; at++) {
      if (compare(order[at - 1]!, order[at]!) <= 0) continue;
      // An array, not a typed one: its sort makes use of runs.
      order.set(Array.from(order.subarray(from, to)).sort(compare), from);
      break;
    }
  }
  return { start, order };
}

/** The values of a column in the order given, on memory that threads share. */
export function inOrder<T extends Float64Array | Int32Array | Uint16Array | Uint8Array>(
  column: T,
  order: Int32Array,
): T {
  const out = new (column.constructor as new (memory: SharedArrayBuffer) => T)(
    new SharedArrayBuffer(order.length * column.BYTES_PER_ELEMENT),
  );
  for (let i = 0; i < order.length; i++) out[i] = column[order[i]!]!;
  return out;
}
