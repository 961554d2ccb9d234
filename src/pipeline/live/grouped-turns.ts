/** A key of what a batch locks. */
export type TurnKey = string | number;

interface Waiting<Batch, Result> {
  readonly batch: Batch;
  readonly keys: ReadonlySet<TurnKey>;
  readonly size: number;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

export interface GroupOptions<Batch, Result> {
  /** Does batches that came one after the other as one, all or nothing: a result for each. */
  readonly run: (group: readonly Batch[]) => Promise<readonly Result[]>;
  readonly keysOf: (batch: Batch) => Iterable<TurnKey>;
  readonly sizeOf: (batch: Batch) => number;
  /** Largest size of a group of several. */
  readonly most: number;
  /** Groups under way at a time. */
  readonly atOnce: number;
  /** Whether each batch of a group that failed is tried by itself, so that none fails for what another holds. */
  readonly isOfOne: (error: unknown) => boolean;
}

/**
 * Group commit: batches that come while others are under way wait, and are then done together. Batches that share a key are done
 * in the order in which they came, in one group or one after the other. As a batch asks for all its keys at once, no two wait
 * for each other.
 */
export class GroupedTurns<Batch, Result> {
  readonly #options: GroupOptions<Batch, Result>;
  readonly #busy = new Set<TurnKey>();
  #waiting: Waiting<Batch, Result>[] = [];
  #running = 0;

  constructor(options: GroupOptions<Batch, Result>) {
    this.#options = options;
  }

  take(batch: Batch): Promise<Result> {
    const { keysOf, sizeOf } = this.#options;
    return new Promise((resolve, reject) => {
      this.#waiting.push({ batch, keys: new Set(keysOf(batch)), size: sizeOf(batch), resolve, reject });
      this.#start();
    });
  }

  #start(): void {
    while (this.#running < this.#options.atOnce && this.#waiting.length > 0) {
      const group = this.#nextGroup();
      if (group.length === 0) return;
      this.#running++;
      for (const { keys } of group) for (const key of keys) this.#busy.add(key);
      this.#run(group).finally(() => {
        this.#running--;
        for (const { keys } of group) for (const key of keys) this.#busy.delete(key);
        this.#start();
      });
    }
  }

  /** Those who share no key with what is under way, nor with one that came before them and has to wait. */
  #nextGroup(): Waiting<Batch, Result>[] {
    const group: Waiting<Batch, Result>[] = [];
    const left: Waiting<Batch, Result>[] = [];
    const passed = new Set<TurnKey>();
    let size = 0;
    for (const one of this.#waiting) {
      const fits = group.length === 0 || size + one.size <= this.#options.most;
      if (fits && !sharesAny(one.keys, this.#busy) && !sharesAny(one.keys, passed)) {
        group.push(one);
        size += one.size;
      } else {
        left.push(one);
        for (const key of one.keys) passed.add(key);
      }
    }
    this.#waiting = left;
    return group;
  }

  async #run(group: readonly Waiting<Batch, Result>[]): Promise<void> {
    try {
      const results = await this.#options.run(group.map(({ batch }) => batch));
      for (const [i, { resolve }] of group.entries()) resolve(results[i] as Result);
    } catch (error) {
      if (group.length > 1 && this.#options.isOfOne(error)) for (const one of group) await this.#run([one]);
      else for (const { reject } of group) reject(error);
    }
  }
}

function sharesAny(keys: ReadonlySet<TurnKey>, others: ReadonlySet<TurnKey>): boolean {
  if (others.size === 0) return false;
  for (const key of keys) if (others.has(key)) return true;
  return false;
}
