import { HttpProblemError } from "./http-problems.js";

/** How much of something may be held at a time; beyond it `QUEUE_FULL` and never a longer queue. */
export class Allowance {
  readonly #most: number;
  #held = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(most: number) {
    this.#most = most;
  }

  get held(): number {
    return this.#held;
  }

  /** Throws `QUEUE_FULL`. What is taken is given back by `release`, once. */
  take(amount: number): void {
    if (this.#isFullFor(amount)) throw new HttpProblemError("QUEUE_FULL");
    this.#held += amount;
  }

  release(amount: number): void {
    this.#held -= amount;
    for (const go of this.#waiting.splice(0)) go();
  }

  /** Holds `amount` while `work` goes on. */
  async during<T>(amount: number, work: () => Promise<T>): Promise<T> {
    this.take(amount);
    try {
      return await work();
    } finally {
      this.release(amount);
    }
  }

  /** As `during`, but waits until there is room: for who holds no more than this while waiting. */
  async duringInTurn<T>(amount: number, work: () => Promise<T>): Promise<T> {
    while (this.#isFullFor(amount)) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    return this.during(amount, work);
  }

  /** Where nothing is held even the largest may pass: it would never find more room. */
  #isFullFor(amount: number): boolean {
    return this.#held > 0 && this.#held + amount > this.#most;
  }
}
