import { type Rng, shuffledIndices } from "../base/rng.js";

/**
 * Shuffled stratified k folds: each class is dealt round the folds in a random order, the second class going on where the
 * first stopped. Returns the test fold of every row. Rows of one user or one time are not kept together: that is why the
 * protocols that use it are called leaky.
 */
export function stratifiedFolds(y: Uint8Array, folds: number, rng: Rng): Uint8Array {
  const foldOf = new Uint8Array(y.length);
  const order = shuffledIndices(y.length, rng);
  let next = 0;
  for (const label of [0, 1]) {
    for (const row of order) if (y[row] === label) foldOf[row] = next++ % folds;
  }
  return foldOf;
}
