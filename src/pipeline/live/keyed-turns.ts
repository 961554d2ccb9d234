/**
 * Lets actions that share a key run one after the other, in the order in which they came; others do not wait. As an action asks
 * for all its keys at once, no two wait for each other.
 */
export class KeyedTurns {
  readonly #last = new Map<string, Promise<unknown>>();

  async take<T>(keys: Iterable<string>, action: () => Promise<T>): Promise<T> {
    const own = new Set(keys);
    const before = new Set<Promise<unknown>>();
    for (const key of own) {
      const last = this.#last.get(key);
      if (last !== undefined) before.add(last);
    }
    const turn = Promise.all(before).then(action);
    const settled = turn.then(nothing, nothing);
    for (const key of own) this.#last.set(key, settled);
    try {
      return await turn;
    } finally {
      for (const key of own) if (this.#last.get(key) === settled) this.#last.delete(key);
    }
  }
}

function nothing(): void {}
