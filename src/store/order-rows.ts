// hot loop

/** Above this, sorting is quicker than moving rows one place at a time. */
const MOVES_PER_ROW_MAX = 4;

/** Rows by group: group g has the rows order[start[g]] … order[start[g + 1] − 1]. Rows that were left out have no place. */
export interface GroupedRows {
  readonly start: Int32Array;
  readonly order: Int32Array;
  /** Of each row, where it is in `order`; −1 for none. */
  readonly place: Int32Array;
}

/**
 * Orders rows by group, and within each by `key`, then by `compare`. A counting sort, then a sort of those groups that are not
 * in order yet: a log is nearly in the order of time, so that few are.
 *
 * @param group of each row, 0 … groups − 1
 * @param sequence in which the rows are gone through: the nearer to the order wanted, the less is left to sort. Rows that are
 *   not in it are left out
 */
export function groupRows(
  { group, groups, sequence }: { group: Int32Array; groups: number; sequence: Int32Array },
  key: Float64Array,
  compare: (a: number, b: number) => number,
): GroupedRows {
  const start = startsOf(group, groups, sequence);
  const { order, keys } = countedOut({ group, sequence }, start, key);
  for (let g = 0; g < groups; g++) settleGroup({ order, keys, key }, start[g]!, start[g + 1]!, compare);
  return { start, order, place: placesOf(order, key.length) };
}

// One loop a function, here and below: a function that is compiled while it is in its first loop has to be thrown away for the next.
function startsOf(group: Int32Array, groups: number, sequence: Int32Array): Int32Array {
  const start = new Int32Array(new SharedArrayBuffer((groups + 1) * 4));
  for (let i = 0; i < sequence.length; i++) start[group[sequence[i]!]! + 1]!++;
  addUp(start);
  return start;
}

function addUp(counts: Int32Array): void {
  for (let i = 1; i < counts.length; i++) counts[i]! += counts[i - 1]!;
}

/** The rows by group, otherwise in their sequence, and their keys beside them: looking whether they are in order does not jump about in memory. */
function countedOut(
  { group, sequence }: { group: Int32Array; sequence: Int32Array },
  start: Int32Array,
  key: Float64Array,
): { order: Int32Array; keys: Float64Array } {
  const next = Int32Array.from(start.subarray(0, -1));
  const order = new Int32Array(sequence.length);
  const keys = new Float64Array(sequence.length);
  for (let i = 0; i < sequence.length; i++) {
    const row = sequence[i]!;
    const at = next[group[row]!]!++;
    order[at] = row;
    keys[at] = key[row]!;
  }
  return { order, keys };
}

/** Sorts one group, which mostly is in order but for a few rows near their place: those are moved up to it. */
function settleGroup(
  { order, keys, key }: { order: Int32Array; keys: Float64Array; key: Float64Array },
  from: number,
  to: number,
  compare: (a: number, b: number) => number,
): void {
  let movesLeft = (to - from) * MOVES_PER_ROW_MAX;
  for (let at = from + 1; at < to; at++) {
    const row = order[at]!;
    const own = keys[at]!;
    let place = at;
    while (place > from && (keys[place - 1]! - own || compare(order[place - 1]!, row)) > 0) {
      order[place] = order[place - 1]!;
      keys[place] = keys[place - 1]!;
      place--;
    }
    order[place] = row;
    keys[place] = own;
    movesLeft -= at - place;
    if (movesLeft < 0) {
      // An array, not a typed one: its sort makes use of runs.
      const rows = Array.from(order.subarray(from, to));
      order.set(
        rows.sort((a, b) => key[a]! - key[b]! || compare(a, b)),
        from,
      );
      return;
    }
  }
}

function placesOf(order: Int32Array, rows: number): Int32Array {
  const place = new Int32Array(rows).fill(-1);
  for (let at = 0; at < order.length; at++) place[order[at]!] = at;
  return place;
}

/**
 * The first `rows` rows, which come in runs that are in the order of their key, with the runs in the order of their beginnings.
 *
 * @param portions rows at which a new run begins in any case, ascending
 */
export function runsInOrder(key: Float64Array, rows: number, portions: readonly number[]): Int32Array {
  const starts = runStarts(key, rows, portions);
  const ends = new Map(starts.map((start, i) => [start, starts[i + 1] ?? rows]));
  starts.sort((a, b) => key[a]! - key[b]! || a - b);
  const sequence = new Int32Array(rows);
  let at = 0;
  for (const start of starts) {
    const end = ends.get(start)!;
    for (let row = start; row < end; row++) sequence[at++] = row;
  }
  return sequence;
}

function runStarts(key: Float64Array, rows: number, portions: readonly number[]): number[] {
  const starts: number[] = [];
  let portion = 0;
  for (let row = 0; row < rows; row++) {
    const isNew = row === portions[portion];
    if (isNew) portion++;
    if (isNew || row === 0 || key[row]! < key[row - 1]!) starts.push(row);
  }
  return starts;
}

/** `sequence`, nearly in the order of `key`, with the rows of `late` sorted and merged in before their equals. */
export function mergeLate(
  sequence: Int32Array,
  late: Int32Array,
  key: Float64Array,
  compare: (a: number, b: number) => number,
): Int32Array {
  const sorted = late.slice().sort((a, b) => key[a]! - key[b]! || compare(a, b));
  const merged = new Int32Array(sequence.length + late.length);
  let next = 0;
  let at = 0;
  for (let i = 0; i < sequence.length; i++) {
    const row = sequence[i]!;
    while (next < sorted.length && key[sorted[next]!]! <= key[row]!) merged[at++] = sorted[next++]!;
    merged[at++] = row;
  }
  while (next < sorted.length) merged[at++] = sorted[next++]!;
  return merged;
}

/**
 * The values of a column in the order that grouped its rows, on memory that threads share. Values are read as they lie and
 * written where they belong: the writes go to as many places as there are groups, which is several times quicker than reading
 * from all over the column. One loop a type: a loop over all types is slow.
 */
export function inOrder<T extends Float64Array | Int32Array | Uint16Array | Uint8Array>(
  column: T,
  { order, place }: Pick<GroupedRows, "order" | "place">,
): T {
  const memory = new SharedArrayBuffer(order.length * column.BYTES_PER_ELEMENT);
  if (column instanceof Float64Array) return doubles(column, place, new Float64Array(memory)) as T;
  if (column instanceof Int32Array) return integers(column, place, new Int32Array(memory)) as T;
  if (column instanceof Uint16Array) return words(column, place, new Uint16Array(memory)) as T;
  return bytes(column as Uint8Array, place, new Uint8Array(memory)) as T;
}

function doubles(column: Float64Array, place: Int32Array, out: Float64Array): Float64Array {
  for (let row = 0; row < place.length; row++) if (place[row]! >= 0) out[place[row]!] = column[row]!;
  return out;
}

function integers(column: Int32Array, place: Int32Array, out: Int32Array): Int32Array {
  for (let row = 0; row < place.length; row++) if (place[row]! >= 0) out[place[row]!] = column[row]!;
  return out;
}

function words(column: Uint16Array, place: Int32Array, out: Uint16Array): Uint16Array {
  for (let row = 0; row < place.length; row++) if (place[row]! >= 0) out[place[row]!] = column[row]!;
  return out;
}

function bytes(column: Uint8Array, place: Int32Array, out: Uint8Array): Uint8Array {
  for (let row = 0; row < place.length; row++) if (place[row]! >= 0) out[place[row]!] = column[row]!;
  return out;
}
