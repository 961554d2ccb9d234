import { expect, test } from "vitest";
import { seededRng } from "../../src/base/rng.js";
import { packSet } from "../../src/features/accumulators/distinct.js";
import { ACCUMULATORS } from "../../src/features/states.js";
import { PAGE, PAGES } from "../../src/schema/pages.js";
import { eventOf, START_MS } from "./columns.js";

/** Bytes of whole numbers in LEB128: seven bits a byte. */
const packedCounts = (values: Float64Array): number =>
  values.reduce((sum, value) => sum + Math.max(1, Math.ceil(Math.log2(value + 1) / 7)), 0);

/** What a state takes when stored: a set packed, whole numbers seven bits a byte, other numbers eight bytes. */
function storedBytes(state: object): number {
  let sum = 0;
  for (const value of Object.values(state)) {
    if (typeof value === "number") sum += 8;
    else if (value instanceof Float64Array) sum += packedCounts(value);
    else if (value !== null && "members" in value) sum += packSet(value).length + 1;
    else throw new Error(`no rule for ${String(value)}`);
  }
  return sum;
}

/** A listener who is never off: so many different songs and artists, pages of every kind, every hour of 63 days. */
function heavyState(artists: number): number {
  const rng = seededRng("heavy");
  const names = Float64Array.from({ length: artists }, () => rng.below(2 ** 52));
  const states = Object.values(ACCUMULATORS).map((accumulator) => {
    const state = accumulator.empty();
    for (let i = 0; i < 30_000; i++) {
      const name = names[i % artists] ?? -1;
      const event = eventOf({
        tsMs: START_MS + i * 181_000,
        sessionId: Math.floor(i / 500),
        item: i % 500,
        page: i % 3 === 0 ? i % PAGES.length : PAGE.NextSong,
        level: Math.floor(i / 5_000) % 2,
        length10us: i % 3 === 0 ? -1 : 25_000_000,
        artist: i % 3 === 0 ? -1 : name,
        song: i % 3 === 0 ? -1 : (name + 1) % 2 ** 52,
      });
      (accumulator.add as (s: unknown, e: typeof event) => void)(state, event);
    }
    return state;
  });
  return states.reduce((sum, state) => sum + storedBytes(state), 0);
}

// The bound is on what is stored: in memory, a set that is still exact keeps a table of 8 KiB to be quick to add to.
test.each([500, 512, 513, 5_000])(
  "the stored states of the heaviest listener, %i artists, are at most 8 KiB",
  (artists) => {
    const bytes = heavyState(artists);
    expect(bytes).toBeGreaterThan(2_000);
    expect(bytes).toBeLessThanOrEqual(8_192);
  },
);
