/** Of more subjects at a time than this, those that came first begin anew. */
const SUBJECTS_MAX = 20_000;
/** Sums of many gaps are not exact. */
const ROUNDING_MS = 1e-6;

/**
 * A token bucket for each subject: `perSecond` in the long run, a second's worth (or `burst`) at once. Costs a map look-up and
 * some sums; keeps one number for each subject, the moment at which its bucket is full again (the generic cell rate algorithm).
 */
export class TokenBuckets {
  readonly #gapMs: number;
  readonly #slackMs: number;
  readonly #now: () => number;
  readonly #fullAtMs = new Map<string, number>();

  /** @param now ms of a clock that never goes back */
  constructor({ perSecond, burst = perSecond }: { perSecond: number; burst?: number }, now: () => number) {
    this.#gapMs = 1000 / perSecond;
    this.#slackMs = this.#gapMs * Math.max(1, burst);
    this.#now = now;
  }

  /** Takes a token: 0 when there was one, else the ms until there is. */
  take(subject: string): number {
    const now = this.#now();
    const full = this.#fullAfter(subject, now);
    const waitMs = this.#waitMs(full, now);
    if (waitMs === 0) this.#set(subject, full);
    return waitMs;
  }

  /** What `take` would answer. */
  waitMs(subject: string): number {
    const now = this.#now();
    return this.#waitMs(this.#fullAfter(subject, now), now);
  }

  #fullAfter(subject: string, now: number): number {
    return Math.max(this.#fullAtMs.get(subject) ?? now, now) + this.#gapMs;
  }

  #waitMs(full: number, now: number): number {
    const waitMs = full - now - this.#slackMs;
    return waitMs > ROUNDING_MS ? waitMs : 0;
  }

  #set(subject: string, fullAtMs: number): void {
    if (!this.#fullAtMs.has(subject) && this.#fullAtMs.size >= SUBJECTS_MAX) {
      const [oldest = ""] = this.#fullAtMs.keys();
      this.#fullAtMs.delete(oldest);
    }
    this.#fullAtMs.set(subject, fullAtMs);
  }
}
