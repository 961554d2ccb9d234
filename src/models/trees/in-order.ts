// hot loop
/** Copies g and h of a node's rows into the order of the rows, so that histograms read them one after another. */
export function inOrder(
  sums: Float64Array,
  order: Uint32Array,
  { begin, end }: { readonly begin: number; readonly end: number },
  out: Float64Array,
): void {
  for (let p = begin; p < end; p++) {
    const row = order[p]!;
    out[2 * p] = sums[2 * row]!;
    out[2 * p + 1] = sums[2 * row + 1]!;
  }
}
