import { expect, test } from "vitest";
import { seededRng } from "../../src/base/rng.js";
import { encodeStates, STATE_BYTES_MAX } from "../../src/features/state-codec/state-codec.js";
import { StateNames } from "../../src/features/state-names.js";
import { ACCUMULATORS } from "../../src/features/states.js";
import { PAGE, PAGES } from "../../src/schema/pages.js";
import { eventOf, START_MS } from "./columns.js";
import { folded } from "./state-codec/folded.js";

/** A listener who is never off: so many different songs and artists, pages of every kind, every hour of 63 days. */
function heavyState(artists: number): number {
  const rng = seededRng("heavy");
  const names = Float64Array.from({ length: artists }, () => rng.below(2 ** 52));
  const events = Array.from({ length: 30_000 }, (_, i) => {
    const name = names[i % artists] ?? -1;
    return eventOf({
      tsMs: START_MS + i * 181_000,
      sessionId: Math.floor(i / 500),
      item: i % 500,
      page: i % 3 === 0 ? i % PAGES.length : PAGE.NextSong,
      level: Math.floor(i / 5_000) % 2,
      length10us: i % 3 === 0 ? -1 : 25_000_000,
      artist: i % 3 === 0 ? -1 : name,
      song: i % 3 === 0 ? -1 : (name + 1) % 2 ** 52,
    });
  });
  const states = new StateNames(["", "x".repeat(4_000)]);
  return encodeStates(ACCUMULATORS, folded(events), states).length;
}

// The bound is on what is stored: in memory, a set that is still exact keeps a table of 8 KiB to be quick to add to.
test.each([500, 512, 513, 5_000])(
  "the stored states of the heaviest listener, %i artists, are at most 8 KiB",
  (artists) => {
    const bytes = heavyState(artists);
    expect(bytes).toBeGreaterThan(2_000);
    expect(bytes).toBeLessThanOrEqual(STATE_BYTES_MAX);
  },
);
