// hot loop
import { log1pExp } from "../../base/math/sigmoid.js";

/** Says when boosting has stopped to get better on the rows held out, by their log loss. */
export class Stopper {
  /** How many trees did best. */
  best = 0;
  private bestLoss = Number.POSITIVE_INFINITY;
  private trees = 0;
  private readonly y: Uint8Array;
  private readonly weights: Float64Array;
  private readonly patience: number;

  constructor(y: Uint8Array, weights: Float64Array, patience: number) {
    this.y = y;
    this.weights = weights;
    this.patience = patience;
  }

  /** @param margin of all rows after one more tree */
  isOver(margin: Float32Array): boolean {
    this.trees++;
    const loss = this.loss(margin);
    if (loss < this.bestLoss) {
      this.bestLoss = loss;
      this.best = this.trees;
    }
    return this.trees - this.best >= this.patience;
  }

  private loss(margin: Float32Array): number {
    let sum = 0;
    for (let i = 0; i < margin.length; i++) {
      if (this.weights[i] === 0) continue;
      sum += this.weights[i]! * (log1pExp(margin[i]!) - (this.y[i] === 1 ? margin[i]! : 0));
    }
    return sum;
  }
}
