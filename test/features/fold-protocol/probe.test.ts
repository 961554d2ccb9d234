import { expect, test } from "vitest";
import { POINT_IN_TIME, pointInTime } from "../../../src/features/catalogue.js";
import { type Catalogue, emptyStates } from "../../../src/features/fold.js";
import { stateFingerprint } from "../../../src/features/fold-protocol/probe.js";
import type { States } from "../../../src/features/states.js";

const { accumulators } = POINT_IN_TIME;
const withListening = (listening: Partial<(typeof accumulators)["listening"]>): Catalogue<States> => ({
  ...POINT_IN_TIME,
  accumulators: { ...accumulators, listening: { ...accumulators.listening, ...listening } },
});

test("stored states are known by their accumulators: version, name, and what they make of a log", () => {
  const own = stateFingerprint(POINT_IN_TIME);
  expect(stateFingerprint(pointInTime(["", "CA"]))).toBe(own);
  expect(stateFingerprint({ ...POINT_IN_TIME, features: [] })).toBe(own);
  expect(stateFingerprint(withListening({ version: 99 }))).not.toBe(own);
});

test("an accumulator that folds otherwise is found out, though nobody raised its version", () => {
  const own = stateFingerprint(POINT_IN_TIME);
  const { listening } = accumulators;
  const forgetful = withListening({
    add(state, event) {
      if (event.status !== 404) listening.add(state, event);
    },
  });
  expect(stateFingerprint(forgetful)).not.toBe(own);
});

test("the log it is tried on leaves no field of any state as it began", () => {
  const untouched: string[] = [];
  const spy = Object.fromEntries(
    Object.entries(accumulators).map(([name, one]) => {
      const empty = () => {
        const state = one.empty();
        // The codec asks for another one, to know the fields.
        if (!spied.has(name)) spied.set(name, state);
        return state;
      };
      return [name, { ...one, empty }];
    }),
  ) as unknown as typeof accumulators;
  const spied = new Map<string, object>();
  stateFingerprint({ ...POINT_IN_TIME, accumulators: spy });
  for (const [name, state] of Object.entries(emptyStates(POINT_IN_TIME))) {
    for (const [field, value] of Object.entries(state as object)) {
      const after = (spied.get(name) as Record<string, unknown>)[field];
      if (Object.is(JSON.stringify(after), JSON.stringify(value))) untouched.push(`${name}.${field}`);
    }
  }
  expect(untouched).toEqual([]);
});
