/** Rows of a share of each label, spread over all of them, at least one of each; a smaller share's are not always a larger one's. */
export function shareOfRows(rows: Int32Array, y: Uint8Array, share: number): Int32Array {
  if (share >= 1) return rows;
  const seen = [0, 0];
  return rows.filter((row) => {
    const label = y[row] === 1 ? 1 : 0;
    const before = Math.ceil((seen[label] ?? 0) * share);
    seen[label] = (seen[label] ?? 0) + 1;
    return Math.ceil((seen[label] ?? 0) * share) > before;
  });
}
