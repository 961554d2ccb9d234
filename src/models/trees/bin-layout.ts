/** Bins of a column at most, that of missing values among them. */
export const BINS = 256;
/** Columns whose bins lie side by side, so that one read fetches those of a row. */
export const GROUP = 4;

/** Where the bin of a column's first row lies in `bins`; the next row's is `GROUP` further. */
export function binsAt(rows: number, column: number): number {
  return (column >> 2) * GROUP * rows + (column & 3);
}
