import { asInstant } from "../../src/base/time.js";
import { pointInTime } from "../../src/features/catalogue.js";
import { emptyStates, type Feature } from "../../src/features/fold.js";
import type { States } from "../../src/features/states.js";
import type { OwnedEvent } from "./columns.js";

/** Names of the state codes of the tests' events. */
export const STATE_NAMES = ["", "CA", "TX", "NY-NJ-PA", "OH"];

export const CATALOGUE = pointInTime(STATE_NAMES);
const FEATURES = new Map(CATALOGUE.features.map((feature) => [feature.name, feature]));

/** One user's events folded in the order given. */
export function statesOf(events: readonly OwnedEvent[]): States {
  const states = emptyStates(CATALOGUE);
  const adders = Object.entries(CATALOGUE.accumulators).map(([key, accumulator]) => (event: OwnedEvent) => {
    (accumulator.add as (state: unknown, event: OwnedEvent) => void)(states[key as keyof States], event);
  });
  for (const event of events) for (const add of adders) add(event);
  return states;
}

export function featureOf(name: string): Feature<States> {
  const feature = FEATURES.get(name);
  if (feature === undefined) throw new Error(`no feature is called ${name}`);
  return feature;
}

/** A feature's value for one user. */
export const readOne = (name: string, events: readonly OwnedEvent[], cutoff: number): number =>
  featureOf(name).read(statesOf(events), asInstant(cutoff));
