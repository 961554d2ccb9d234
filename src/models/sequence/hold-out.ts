import { type Rng, shuffledIndices } from "../../base/rng.js";
import type { WeighedRows } from "./same-rows.js";

/** Deals groups to `folds` folds, those with a churned row and those without apart, so that each fold has its share of both. A fold a row. */
export function dealGroups({ y, group }: Pick<WeighedRows, "y" | "group">, folds: number, rng: Rng): Uint8Array {
  const churned = new Map<number, boolean>();
  group.forEach((id, row) => {
    churned.set(id, churned.get(id) === true || y[row] === 1);
  });
  const fold = new Map<number, number>();
  let dealt = 0;
  for (const kind of [true, false]) {
    const ids = [...churned].filter(([, value]) => value === kind).map(([id]) => id);
    for (const at of shuffledIndices(ids.length, rng)) fold.set(ids[at] ?? -1, dealt++ % folds);
  }
  return Uint8Array.from(group, (id) => fold.get(id) ?? 0);
}
