/**
 * p-values adjusted so that calling all below q different makes a share of at most q of the calls wrong, for independent tests and for
 * those that go together (Benjamini & Hochberg 1995; Benjamini & Yekutieli 2001, §4). In the order given.
 */
export function benjaminiHochberg(p: readonly number[]): number[] {
  const order = p.map((_, i) => i).sort((a, b) => (p[b] ?? 0) - (p[a] ?? 0));
  const adjusted = new Array<number>(p.length).fill(1);
  let smallest = 1;
  order.forEach((at, k) => {
    smallest = Math.min(smallest, ((p[at] ?? 1) * p.length) / (p.length - k));
    adjusted[at] = smallest;
  });
  return adjusted;
}
