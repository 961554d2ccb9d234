import type { BoostedTrees } from "../../models/trees/tree.js";

/** The trees whose log-odds are −(a · log-odds + b): a Platt line inside the leaves, to a float32's rounding. */
export function scaledMargin(state: BoostedTrees, { a, b }: { readonly a: number; readonly b: number }): BoostedTrees {
  return {
    ...state,
    base: Math.fround(-(a * state.base + b)),
    trees: state.trees.map((tree) => ({ ...tree, value: tree.value.map((value) => Math.fround(-a * value)) })),
  };
}
