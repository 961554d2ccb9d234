/** A row as some process last saw it. It is worth nothing by itself: only the store knows whether `version` still stands. */
export interface Versioned<V> {
  readonly version: number;
  readonly value: V;
  /** About how much memory it takes. */
  readonly bytes: number;
}

/** Rows by their key in bounded memory; the one not asked for longest is forgotten first. */
export class VersionedCache<K, V> {
  readonly #entries = new Map<K, Versioned<V>>();
  readonly #bytesMax: number;
  #bytes = 0;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get(key: K): Versioned<V> | null {
    const entry = this.take(key);
    if (entry !== null) this.put(key, entry);
    return entry;
  }

  /** The entry, which is then no longer here: who changes its value must have it alone. */
  take(key: K): Versioned<V> | null {
    const entry = this.#entries.get(key);
    if (entry === undefined) return null;
    this.#entries.delete(key);
    this.#bytes -= entry.bytes;
    return entry;
  }

  put(key: K, entry: Versioned<V>): void {
    this.take(key);
    this.#entries.set(key, entry);
    this.#bytes += entry.bytes;
    for (const [oldest] of this.#entries) {
      if (this.#bytes <= this.#bytesMax) return;
      this.take(oldest);
    }
  }
}
