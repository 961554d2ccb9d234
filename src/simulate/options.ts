import { RefrainError } from "../base/errors.js";
import { asInstant, type Instant } from "../base/time.js";
import type { TestCutoffs } from "./album.js";
import { type Change, SCENARIO_NAMES, type ScenarioName } from "./scenario.js";

/** What to simulate. */
export interface SimulateOptions {
  /** Listeners with at least one row of their own in the log. */
  readonly users: number;
  readonly days: number;
  readonly seed: number;
  readonly scenario: ScenarioName;
  readonly start: Instant;
  /** Day of the change in `drift` and `concept`; the middle of the log when absent. */
  readonly changeDay?: number;
  /** What changes after that, in order of time. */
  readonly thenChanges?: readonly Change[];
  /** New listeners a year, as a share of those there at the start. */
  readonly growth: number;
  /** Strength of the hidden satisfaction; 0 is off. */
  readonly satisfaction: number;
  /** Amplitude in [0, 1) of a weekly and annual wave of activity; 0 is off. */
  readonly seasons: number;
  /** The cutoffs that models are tested on, from the log's first and last row; those of `point-in-time` when absent. */
  readonly testCutoffs?: TestCutoffs;
}

export const SIMULATE_DEFAULTS: SimulateOptions = {
  users: 225,
  days: 63,
  seed: 1,
  scenario: "steady",
  start: asInstant(Date.UTC(2018, 9, 1)),
  growth: 0.1,
  satisfaction: 0,
  seasons: 0,
};

/** Refuses what cannot be simulated, saying what can. */
export function checkOptions(options: SimulateOptions): void {
  const refuse = (name: string, value: string | number, advice: string): never => {
    throw new RefrainError("VALUE_BAD", { name, value, advice });
  };
  const { users, days, scenario, satisfaction, seasons, changeDay, growth } = options;
  if (!Number.isInteger(users) || users < 1 || users > 899_991) {
    refuse("users", users, "Give a whole number from 1 to 899991; each of the four runs has a block of 100,000 ids.");
  }
  if (!Number.isInteger(days) || days < 1 || days > 3650) refuse("days", days, "Give whole days, from 1 to 3650.");
  if (!SCENARIO_NAMES.includes(scenario)) refuse("scenario", scenario, `Choose one of ${SCENARIO_NAMES.join(", ")}.`);
  if (!(satisfaction >= 0 && satisfaction <= 3)) refuse("satisfaction", satisfaction, "Give a number from 0 to 3.");
  if (!(seasons >= 0 && seasons < 1)) refuse("seasons", seasons, "Give a number from 0 to below 1.");
  if (changeDay !== undefined && !(changeDay >= 0 && changeDay <= days)) {
    refuse("changeDay", changeDay, "Give a day inside the log.");
  }
  if (!(growth >= 0 && growth <= 100)) refuse("growth", growth, "Give a number from 0 to 100.");
  checkChanges(options, refuse);
}

function checkChanges(
  { days, changeDay = Math.floor(days / 2), thenChanges = [] }: SimulateOptions,
  refuse: (name: string, value: string, advice: string) => never,
): void {
  let last = changeDay;
  for (const { scenario, day } of thenChanges) {
    const told = `${scenario}@${day}`;
    if (scenario !== "drift" && scenario !== "concept") refuse("then", told, "Only drift and concept change anything.");
    if (!(day >= last && day <= days)) refuse("then", told, "Give days inside the log, none before the last change.");
    last = day;
  }
}
