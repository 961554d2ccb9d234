import type { World } from "../../base/world.js";

interface Kept<T> {
  readonly value: T;
  readonly untilMs: number;
}

/** Answers that hold for a while, at most so many; what is not there (null) is asked for each time. */
export class Remembered<T> {
  readonly #forMs: number;
  readonly #most: number;
  readonly #world: Pick<World, "now">;
  readonly #kept = new Map<string, Kept<T>>();
  readonly #asked = new Map<string, Promise<T | null>>();

  constructor({ forMs, most }: { readonly forMs: number; readonly most: number }, world: Pick<World, "now">) {
    this.#forMs = forMs;
    this.#most = most;
    this.#world = world;
  }

  /** Whether there was an answer, however old. */
  has(name: string): boolean {
    return this.#kept.has(name);
  }

  /** Asks at most once at a time for the same name. */
  get(name: string, ask: () => Promise<T | null>): T | Promise<T | null> {
    const kept = this.#kept.get(name);
    if (kept !== undefined && this.#world.now() < kept.untilMs) return kept.value;
    const asked = this.#asked.get(name);
    if (asked !== undefined) return asked;
    const asking = this.#ask(ask, (answer) => {
      // Whatever was cleared meanwhile must not come back.
      if (this.#asked.get(name) !== asking) return;
      this.#asked.delete(name);
      if (answer !== null) this.#keep(name, answer);
    });
    this.#asked.set(name, asking);
    return asking;
  }

  clear(): void {
    this.#kept.clear();
    this.#asked.clear();
  }

  async #ask(ask: () => Promise<T | null>, after: (answer: Kept<T> | null) => void): Promise<T | null> {
    const untilMs = this.#world.now() + this.#forMs;
    let answer: Kept<T> | null = null;
    try {
      const value = await ask();
      if (value !== null) answer = { value, untilMs };
      return value;
    } finally {
      after(answer);
    }
  }

  #keep(name: string, answer: Kept<T>): void {
    this.#kept.delete(name);
    this.#kept.set(name, answer);
    const [oldest = ""] = this.#kept.keys();
    if (this.#kept.size > this.#most) this.#kept.delete(oldest);
  }
}
