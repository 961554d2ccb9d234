import type { Rng } from "../base/rng.js";
import { addDays, type Instant } from "../base/time.js";
import { type ArrivalLaw, arrivalLaw } from "./arrival.js";
import { type Catalogue, inventCatalogue } from "./catalogue.js";
import { type Moods, moodsOf } from "./mood.js";
import type { SimulateOptions } from "./options.js";
import { type Change, NULL_HAZARD_PER_DAY, SCENARIOS, type WalkBook, walkBook } from "./scenario.js";
import { STATES } from "./states.js";
import { firstStates } from "./transitions.js";

/** What all listeners share. */
export interface Setting {
  readonly start: Instant;
  readonly end: Instant;
  readonly days: number;
  readonly arrivals: ArrivalLaw;
  readonly book: WalkBook;
  readonly moods: Moods;
  readonly catalogue: Catalogue;
  /** Probability per day to cancel by the calendar; 0 where listeners cancel out of the walk. */
  readonly calendarHazard: number;
  /** First states of a session with their running sums, for every state it may follow. */
  readonly openings: readonly Opening[];
}

interface Opening {
  readonly states: Int16Array;
  readonly cumulative: Float64Array;
}

export function buildSetting(options: SimulateOptions, rng: Rng): Setting {
  const { start, days } = options;
  const moods = moodsOf(options.satisfaction);
  return {
    start,
    end: addDays(start, days),
    days,
    arrivals: arrivalLaw(start, days, options.seasons),
    book: walkBook(changesOf(options), moods, start),
    moods,
    catalogue: inventCatalogue(rng.fork("catalogue")),
    calendarHazard: SCENARIOS[options.scenario].walkCancels ? 0 : NULL_HAZARD_PER_DAY,
    openings: STATES.map((state) => openingOf(firstStates(state.standing))),
  };
}

/** The scenario first. */
function changesOf({ scenario, changeDay, days, thenChanges = [] }: SimulateOptions): Change[] {
  return [{ scenario, day: changeDay ?? Math.floor(days / 2) }, ...thenChanges];
}

function openingOf(shares: ReadonlyMap<number, number>): Opening {
  let sum = 0;
  const cumulative = Float64Array.from(shares.values(), (share) => {
    sum += share;
    return sum;
  });
  return { states: Int16Array.from(shares.keys()), cumulative };
}

/** The first state of a session that follows a state, for a uniform draw. */
export function openingState(setting: Setting, after: number, draw: number): number {
  const { states, cumulative } = setting.openings[after]!; // hot loop
  let i = 0;
  while (i < states.length - 1 && draw >= cumulative[i]!) i++;
  return states[i]!;
}
