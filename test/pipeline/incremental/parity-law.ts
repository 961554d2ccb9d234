import { join } from "node:path";
import fc from "fast-check";
import { expect } from "vitest";
import { seededRng, shuffledIndices } from "../../../src/base/rng.js";
import { asInstant, type Instant, MS_PER_DAY } from "../../../src/base/time.js";
import { POINT_IN_TIME } from "../../../src/features/catalogue.js";
import type { CodedEvent } from "../../../src/features/coded-event.js";
import type { TestEvent } from "../ingest-fixture.js";
import { batchColumns, coded, type Folded, inBatch } from "./both-ways.js";

/** Some way to take batches of events, and what it holds in the end. */
export type Way = (batches: readonly (readonly CodedEvent[])[], cutoffs: readonly Instant[]) => Promise<Folded>;

const tsOf = (event: TestEvent): number => event.ts as number;

export function cutoffsOf(events: readonly TestEvent[], shares: readonly number[]): Instant[] {
  const sorted = events.map(tsOf).sort((a, b) => a - b);
  const first = sorted[0] ?? 0;
  const last = sorted.at(-1) ?? 0;
  const among = shares.map((share) => sorted[Math.floor(share * (sorted.length - 1))] ?? first);
  return [...new Set([...among, last, last + 2 * MS_PER_DAY])].sort((a, b) => a - b).map(asInstant);
}

/** Splits a list by sizes that come round again. */
export function cut<T>(list: readonly T[], sizes: readonly number[]): T[][] {
  const batches: T[][] = [];
  for (let from = 0, i = 0; from < list.length; i++) {
    const size = sizes[i % sizes.length] ?? 1;
    batches.push(list.slice(from, from + size));
    from += size;
  }
  return batches;
}

export const turned = <T>(list: readonly T[], seed: string): T[] =>
  [...shuffledIndices(list.length, seededRng(seed))].map((at) => list[at] as T);

export function expectSame(one: Folded, other: Folded): void {
  const differing = POINT_IN_TIME.features.filter((_, j) =>
    [...one.features].some(([row, values]) => !Object.is(values[j], other.features.get(row)?.[j])),
  );
  expect(differing.map(({ name }) => name)).toEqual([]);
  expect([...one.features.keys()].sort()).toEqual([...other.features.keys()].sort());
  expect(new Map([...one.states].sort())).toEqual(new Map([...other.states].sort()));
}

/** Rows that no service would send: of pages nobody knows, in pairs that tie, with and without a user, at wild moments. */
const wild = fc.record({
  userId: fc.constantFrom("", "", "wild", "100001"),
  sessionId: fc.nat(2),
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  itemInSession: fc.nat(3),
  page: fc.constantFrom("Home", "Login", "Logout", "NextSong", "Weird A", "Weird B"),
  auth: fc.constantFrom("Logged In", "Logged Out", "Guest", undefined),
  level: fc.constantFrom("free", "paid", undefined),
  location: fc.constantFrom("Ottawa, ON", "Newark, NY-NJ-PA", "Nowhere", undefined),
});

let homes = 0;

/**
 * THE PARITY LAW: parts of a log with shared session ids, gaps, repetitions and wild rows, in any order and any batch size, give
 * what the batch over a lake in `folder` gives, bit for bit. Returns how many rows recovery gave an owner in all the runs.
 */
export async function checkParityLaw(
  log: readonly TestEvent[],
  { folder, numRuns, way }: { folder: string; numRuns: number; way: Way },
): Promise<number> {
  let recovered = 0;
  const property = fc.asyncProperty(
    fc.double({ min: 0, max: 0.9, noNaN: true }),
    fc.integer({ min: 20, max: 400 }),
    fc.integer({ min: 1, max: 6 }),
    fc.array(wild, { maxLength: 12 }),
    fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 5 }),
    fc.constantFrom("in order", "shuffled", "backwards", "in blocks"),
    fc.nat(),
    async (start, length, modulus, wilds, sizes, order, seed) => {
      const from = Math.floor(start * log.length);
      const slice = log.slice(from, from + length).filter((_, i) => (i * 7 + seed) % 23 !== 0);
      const span = { first: tsOf(slice[0] ?? {}), last: tsOf(slice.at(-1) ?? {}) };
      const strange = wilds.map(({ at, ...row }) => ({
        ...row,
        ts: Math.round(span.first + at * (span.last - span.first)),
      }));
      const shared = slice.map((row, i) =>
        i % 3 === 0 ? row : { ...row, sessionId: Number(row.sessionId) % modulus },
      );
      const events = [...new Map([...shared, ...strange].map((row) => [keyOf(row), row])).values()];
      const cutoffs = cutoffsOf(events, [0.2, 0.5, 0.9]);
      const columns = await batchColumns(folder, join(folder, `law${homes++}`), events);
      for (const [row, known] of columns.knownAtMs.entries()) if (known > (columns.tsMs[row] ?? 0)) recovered++;
      const sent = arrange([...events, ...events.filter((_, i) => i % 5 === 0)], order, String(seed));
      expectSame(await way(cut(coded(sent), sizes), cutoffs), inBatch(columns, cutoffs));
    },
  );
  await fc.assert(property, { numRuns });
  return recovered;
}

function keyOf({ userId, sessionId, itemInSession, ts, page }: TestEvent): string {
  return JSON.stringify([userId ?? "", sessionId, itemInSession, ts, page]);
}

function arrange<T>(list: readonly T[], order: string, seed: string): T[] {
  if (order === "backwards") return [...list].reverse();
  if (order === "shuffled") return turned(list, seed);
  if (order === "in blocks") return turned(cut(list, [17]), seed).flat();
  return [...list];
}
