/** A slip of the finger changes no more letters than this. */
const CHANGES_MAX = 3;

/** The one of `names` that was probably meant, in capitals or not; null where none is near. */
export function nearestName<N extends string>(written: string, names: readonly N[]): N | null {
  const near = names
    .map((name) => ({ name, changes: changesBetween(written.toLowerCase(), name.toLowerCase()) }))
    .filter(({ name, changes }) => changes <= Math.min(CHANGES_MAX, name.length / 2))
    .sort((a, b) => a.changes - b.changes);
  return near[0]?.name ?? null;
}

/** Levenshtein's distance: letters put in, left out or written for another. */
function changesBetween(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
