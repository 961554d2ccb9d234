/**
 * Locks the rows of the given keys until the end of the transaction, and makes those that are missing. Two transactions that
 * need the same rows so come one after the other, also where neither has written them yet.
 *
 * @param keys each once, in the order in which every transaction takes them
 * @param lock returns the rows there are, locked
 * @param make inserts rows for keys; one that another transaction has inserted meanwhile is left as it is
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
    make: (keys: readonly Key[]) => Promise<unknown>;
  },
): Promise<readonly Row[]> {
  if (keys.length === 0) return [];
  const there = await lock(keys);
  if (there.length === keys.length) return there;
  const known = new Set(there.map(keyOf));
  const missing = keys.filter((key) => !known.has(key));
  await make(missing);
  return [...there, ...(await lock(missing))];
}
