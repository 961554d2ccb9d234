// hot loop

/** Rows by group: group g has the rows order[start[g]] … order[start[g + 1] − 1]. */
export interface GroupedRows {
  readonly start: Int32Array;
  readonly order: Int32Array;
}

/**
 * Orders rows by group, and within each by `key`, then by `compare`. A counting sort, then a sort of those groups that are not
 * in order yet: a lake's files are in the order of time, so that few are.
 *
 * @param group of each row, 0 … groups − 1
 * @param sequence in which the rows are gone through: the nearer to the order wanted, the less is left to sort
 */
export function groupRows(
  { group, groups, sequence }: { group: Int32Array; groups: number; sequence: Int32Array },
  key: Float64Array,
  compare: (a: number, b: number) => number,
): GroupedRows {
  const start = new Int32Array(new SharedArrayBuffer((groups + 1) * 4));
  for (let row = 0; row < group.length; row++) start[group[row]! + 1]!++;
  for (let g = 0; g < groups; g++) start[g + 1]! += start[g]!;
  const next = Int32Array.from(start.subarray(0, groups));
  const order = new Int32Array(group.length);
  // Beside the rows, so that looking whether they are in order does not jump about in memory.
  const keys = new Float64Array(group.length);
  for (let i = 0; i < group.length; i++) {
    const row = sequence[i]!;
    const at = next[group[row]!]!++;
    order[at] = row;
    keys[at] = key[row]!;
  }
  for (let g = 0; g < groups; g++) {
    const [from, to] = [start[g]!, start[g + 1]!];
    for (let at = from + 1; at < to; at++) {
      if (keys[at - 1]! < keys[at]!) continue;
      if (keys[at - 1] === keys[at] && compare(order[at - 1]!, order[at]!) <= 0) continue;
      const whole = (a: number, b: number) => key[a]! - key[b]! || compare(a, b);
      // An array, not a typed one: its sort makes use of runs.
      order.set(Array.from(order.subarray(from, to)).sort(whole), from);
      break;
    }
  }
  return { start, order };
}

/**
 * Rows nearly in the order of their key: the first `inRuns` come from a database that hands on runs that are in order, and those
 * are put in the order of their beginnings; the others are sorted, and merged in before their equals.
 */
export function nearlySorted(key: Float64Array, inRuns: number, compare: (a: number, b: number) => number): Int32Array {
  const starts: number[] = [];
  for (let row = 0; row < inRuns; row++) if (row === 0 || key[row]! < key[row - 1]!) starts.push(row);
  const ends = new Map(starts.map((start, i) => [start, starts[i + 1] ?? inRuns]));
  starts.sort((a, b) => key[a]! - key[b]! || a - b);
  const late = Int32Array.from({ length: key.length - inRuns }, (_, i) => inRuns + i);
  late.sort((a, b) => key[a]! - key[b]! || compare(a, b));
  const sequence = new Int32Array(key.length);
  let next = 0;
  let at = 0;
  for (const start of starts) {
    const end = ends.get(start)!;
    for (let row = start; row < end; row++) {
      while (next < late.length && key[late[next]!]! <= key[row]!) sequence[at++] = late[next++]!;
      sequence[at++] = row;
    }
  }
  while (next < late.length) sequence[at++] = late[next++]!;
  return sequence;
}

/** The values of a column in the order given, on memory that threads share. One loop a type: a loop over all types is slow. */
export function inOrder<T extends Float64Array | Int32Array | Uint16Array | Uint8Array>(
  column: T,
  order: Int32Array,
): T {
  const memory = new SharedArrayBuffer(order.length * column.BYTES_PER_ELEMENT);
  if (column instanceof Float64Array) return doubles(column, order, new Float64Array(memory)) as T;
  if (column instanceof Int32Array) return integers(column, order, new Int32Array(memory)) as T;
  if (column instanceof Uint16Array) return words(column, order, new Uint16Array(memory)) as T;
  return bytes(column as Uint8Array, order, new Uint8Array(memory)) as T;
}

function doubles(column: Float64Array, order: Int32Array, out: Float64Array): Float64Array {
  for (let i = 0; i < order.length; i++) out[i] = column[order[i]!]!;
  return out;
}

function integers(column: Int32Array, order: Int32Array, out: Int32Array): Int32Array {
  for (let i = 0; i < order.length; i++) out[i] = column[order[i]!]!;
  return out;
}

function words(column: Uint16Array, order: Int32Array, out: Uint16Array): Uint16Array {
  for (let i = 0; i < order.length; i++) out[i] = column[order[i]!]!;
  return out;
}

function bytes(column: Uint8Array, order: Int32Array, out: Uint8Array): Uint8Array {
  for (let i = 0; i < order.length; i++) out[i] = column[order[i]!]!;
  return out;
}
