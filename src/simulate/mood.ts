import { assert } from "../base/assert.js";
import type { PageName } from "../schema/pages.js";
import type { PageShares, Tilt } from "./transitions.js";

/** A hidden satisfaction, one of three; it may change whenever a session begins. Only neutral when it is off. */
export interface Moods {
  readonly count: number;
  /** Stationary shares; also how listeners start. */
  readonly shares: readonly number[];
  /** Row-major transition probabilities between sessions. */
  readonly change: readonly number[];
  readonly tilts: readonly Tilt[];
}

const NEUTRAL: Moods = { count: 1, shares: [1], change: [1], tilts: [() => {}] };

/**
 * Low, neutral and high. With strength s a high mood multiplies Thumbs Up by e^s, Thumbs Down by e^−s and the
 * probability to cancel by e^−2s; a low mood does the reverse.
 */
export function moodsOf(strength: number): Moods {
  if (strength === 0) return NEUTRAL;
  return {
    count: 3,
    shares: [0.25, 0.5, 0.25],
    change: [0.8, 0.2, 0, 0.1, 0.8, 0.1, 0, 0.2, 0.8],
    tilts: [-1, 0, 1].map((mood) => (_from, shares) => {
      scale(shares, "Thumbs Up", Math.exp(strength * mood));
      scale(shares, "Thumbs Down", Math.exp(-strength * mood));
      scale(shares, "Cancel", Math.exp(-2 * strength * mood));
    }),
  };
}

/** Multiplies the share of a page; what it gains or loses NextSong gives or takes, as far as there is any. */
export function scale(shares: PageShares, page: PageName, factor: number): void {
  setShare(shares, page, (shares.get(page) ?? 0) * factor);
}

/** Sets the share of a page at NextSong's expense. */
export function setShare(shares: PageShares, page: PageName, share: number): void {
  const before = shares.get(page) ?? 0;
  const songs = shares.get("NextSong") ?? 0;
  const after = Math.min(share, before + songs);
  if (after === before) return;
  assert(page !== "NextSong", "NextSong cannot be tilted against itself");
  shares.set(page, after);
  shares.set("NextSong", songs + before - after);
}
