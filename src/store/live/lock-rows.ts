/**
 * Locks the rows of the given keys until the end of the transaction, and makes those that are missing. Two transactions that
 * need the same rows so come one after the other, also where neither has written them yet.
 *
 * @param keys each once, in the order in which every transaction takes them
 * @param lock returns the rows there are, locked
 * @param make inserts rows for keys and returns them; one that another transaction has inserted meanwhile is left as it is
 */
export async function lockRows<Key, Row>(
  keys: readonly Key[],
  {
    keyOf,
    lock,
    make,
  }: {
    keyOf: (row: Row) => Key;
    lock: (keys: readonly Key[]) => Promise<readonly Row[]>;
    make: (keys: readonly Key[]) => Promise<readonly Row[]>;
  },
): Promise<readonly Row[]> {
  if (keys.length === 0) return [];
  const there = await lock(keys);
  if (there.length === keys.length) return there;
  const made = await make(without(keys, there, keyOf));
  const elsewhere = without(keys, [...there, ...made], keyOf);
  return [...there, ...made, ...(elsewhere.length === 0 ? [] : await lock(elsewhere))];
}

function without<Key, Row>(keys: readonly Key[], rows: readonly Row[], keyOf: (row: Row) => Key): readonly Key[] {
  const known = new Set(rows.map(keyOf));
  return keys.filter((key) => !known.has(key));
}
