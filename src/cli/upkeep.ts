import { setTimeout } from "node:timers/promises";
import type { Log } from "../base/world.js";

/** Work that a service does again and again beside its requests. What fails is said once, and tried again the next time. */
export class Upkeep {
  readonly #log: Log;
  readonly #stopping = new AbortController();
  readonly #loops: Promise<void>[] = [];

  constructor(log: Log) {
    this.#log = log;
  }

  /** Begins at once; waits between the end of one time and the beginning of the next. */
  every(waitMs: number, name: string, work: () => Promise<unknown>): void {
    this.#loops.push(this.#loop(waitMs, name, work));
  }

  /** Lets what is being done end. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.all(this.#loops);
  }

  async #loop(waitMs: number, name: string, work: () => Promise<unknown>): Promise<void> {
    const { signal } = this.#stopping;
    let said: string | null = null;
    while (!signal.aborted) {
      try {
        await work();
        said = null;
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        if (reason !== said) this.#log.warn(`${name} failed, and will be tried again: ${reason}`);
        said = reason;
      }
      await this.pause(waitMs);
    }
  }

  /** Waits within a piece of work; false where it is to end. */
  async pause(ms: number): Promise<boolean> {
    const { signal } = this.#stopping;
    await setTimeout(ms, undefined, { signal }).catch(() => {});
    return !signal.aborted;
  }
}
