import { randomInt } from "node:crypto";
import { clearTimeout, setTimeout } from "node:timers";
import type { World } from "../../base/world.js";
import type { LiveDb } from "../../store/live/live-db.js";
import { SqlError } from "../../store/live/sql-error.js";
import { insertPredictions, type NumberedPrediction, type StoredPrediction } from "./prediction-table.js";

/** A prediction is stored so soon after it was answered, where the store is well. */
const WAIT_MS = 250;
/** After a failure. */
const WAIT_AGAIN_MS = 1_000;
/** Written by one statement: few enough that no request waits long behind it. */
const WRITTEN_AT_ONCE = 500;
/** Some 50 MB. */
const WAITING_MAX = 100_000;

/**
 * Stores the predictions that were answered, behind the answers. While the store is away they wait, the newest `most` of them:
 * those before are dropped, counted, and told of.
 */
export class PredictionLog {
  readonly #db: LiveDb;
  readonly #world: Pick<World, "log">;
  readonly #most: number;
  #waiting: NumberedPrediction[] = [];
  #sequence = randomInt(2 ** 47);
  #timer: NodeJS.Timeout | null = null;
  #writing: Promise<void> = Promise.resolve();
  #dropped = 0;
  #told = 0;

  constructor(db: LiveDb, world: Pick<World, "log">, { most = WAITING_MAX }: { readonly most?: number } = {}) {
    this.#db = db;
    this.#world = world;
    this.#most = most;
  }

  /** How many were never stored. */
  get dropped(): number {
    return this.#dropped;
  }

  /** How many are not stored yet. */
  get waiting(): number {
    return this.#waiting.length;
  }

  add(prediction: StoredPrediction): void {
    this.#waiting.push({ ...prediction, sequence: this.#sequence++ });
    // Not one by one: taking from the front moves all the others.
    if (this.#waiting.length > this.#most + WRITTEN_AT_ONCE) this.#drop(this.#waiting.length - this.#most);
    this.#schedule(WAIT_MS);
  }

  /** Writes what waits. Throws `STORE_UNAVAILABLE`; then it waits on. */
  flush(): Promise<void> {
    const written = this.#writing.then(() => this.#write());
    this.#writing = written.catch(() => {});
    return written;
  }

  /** Writes what waits, if it can be written; what cannot is dropped. */
  async close(): Promise<void> {
    await this.flush().catch(() => this.#drop(this.#waiting.length));
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#tell();
  }

  #schedule(ms: number): void {
    if (this.#timer !== null) return;
    this.#timer = setTimeout(() => {
      this.flush().then(
        () => this.#next(WAIT_MS),
        () => this.#next(WAIT_AGAIN_MS),
      );
    }, ms);
    this.#timer.unref();
  }

  #next(ms: number): void {
    this.#timer = null;
    if (this.#waiting.length > 0) this.#schedule(ms);
  }

  async #write(): Promise<void> {
    while (this.#waiting.length > 0) {
      const part = this.#waiting.slice(0, WRITTEN_AT_ONCE);
      const last = part.at(-1)?.sequence ?? 0;
      try {
        await insertPredictions(this.#db, part);
      } catch (error) {
        if (!(error instanceof SqlError)) throw error;
        // The store is there and does not want them: it never will.
        this.#world.log.warn(`Predictions could not be stored: ${error.message}`);
        this.#dropped += part.length;
      }
      // Some may have been dropped from the front meanwhile.
      const kept = this.#waiting.findIndex(({ sequence }) => sequence > last);
      this.#waiting = kept === -1 ? [] : this.#waiting.slice(kept);
    }
    this.#tell();
  }

  #drop(count: number): void {
    this.#waiting = this.#waiting.slice(count);
    if (this.#dropped === this.#told) {
      this.#world.log.warn("The store has been away for long: predictions are dropped, the oldest first");
    }
    this.#dropped += count;
  }

  #tell(): void {
    if (this.#dropped === this.#told) return;
    this.#world.log.warn(`${this.#dropped - this.#told} predictions were answered and not stored`);
    this.#told = this.#dropped;
  }
}
