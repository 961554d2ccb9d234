import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { asInstant, MS_PER_DAY } from "../../src/base/time.js";
import type { KnownAt } from "../../src/features/fold.js";
import type { States } from "../../src/features/states.js";
import { logs, START_MS } from "./columns.js";
import { CATALOGUE, statesOf } from "./reading.js";

const oneUser = logs({ users: 1 }).map((events) => [...events].sort((a, b) => a.knownAtMs - b.knownAtMs));
const read = (states: States, cutoff: number, knownAt: KnownAt): Map<string, number> =>
  new Map(
    CATALOGUE.features
      .filter((feature) => feature.knownAt === knownAt)
      .map(({ name, read: value }) => [name, value(states, asInstant(cutoff))]),
  );
const cutoffs = fc.integer({ min: 0, max: 800 * MS_PER_DAY }).map((later) => START_MS + 100 * MS_PER_DAY + later);

describe("known at says what a value depends on", () => {
  test("rows: not on the cutoff", () => {
    const property = fc.property(oneUser, cutoffs, cutoffs, (events, a, b) => {
      const states = statesOf(events);
      expect(read(states, a, "rows")).toEqual(read(states, b, "rows"));
    });
    fc.assert(property, { numRuns: 200 });
  });

  test("cutoff: on no row", () => {
    const property = fc.property(oneUser, oneUser, cutoffs, (one, other, cutoff) => {
      expect(read(statesOf(one), cutoff, "cutoff")).toEqual(read(statesOf(other), cutoff, "cutoff"));
    });
    fc.assert(property, { numRuns: 200 });
  });

  test("state, cutoff: on no row but the one that names the state", () => {
    const property = fc.property(oneUser, oneUser, cutoffs, fc.nat(4), (one, other, cutoff, state) => {
      const [first, second] = [one, other].map((events) => statesOf(events.map((event) => ({ ...event, state }))));
      expect(first && read(first, cutoff, "state, cutoff")).toEqual(second && read(second, cutoff, "state, cutoff"));
    });
    fc.assert(property, { numRuns: 200 });
  });

  test("rows, cutoff: each of them does depend on the cutoff, in some log", () => {
    const moved = fc.sample(oneUser, { numRuns: 200, seed: 3 }).flatMap((events) => {
      const states = statesOf(events);
      const last = Math.max(...events.map(({ knownAtMs }) => knownAtMs));
      const [soon, late] = [1, 30].map((days) => read(states, last + days * MS_PER_DAY, "rows, cutoff"));
      return [...(soon ?? [])].filter(([name, value]) => !Object.is(value, late?.get(name))).map(([name]) => name);
    });
    const all = CATALOGUE.features.filter(({ knownAt }) => knownAt === "rows, cutoff").map(({ name }) => name);
    expect(new Set(moved)).toEqual(new Set(all));
  });
});
