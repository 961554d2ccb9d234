import { assert } from "../base/assert.js";
import { RefrainError } from "../base/errors.js";

/** Summed weights of the rows labelled 0 and 1. Fails with SINGLE_CLASS when either is 0. */
export function classTotals(y: Uint8Array, weights: Float64Array | null): readonly [number, number] {
  assert(weights === null || weights.length === y.length, "one weight a row");
  let zero = 0;
  let one = 0;
  y.forEach((label, i) => {
    const weight = weights?.[i] ?? 1;
    if (label === 1) one += weight;
    else zero += weight;
  });
  if (!(zero > 0 && one > 0)) throw new RefrainError("SINGLE_CLASS", { rows: y.length });
  return [zero, one];
}
