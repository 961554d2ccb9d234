import type { Rng } from "../../base/rng.js";
import type { SettingRange } from "../../models/estimator.js";
import type { Learner, Params } from "../learner.js";

export const SEARCHES = ["grid", "random", "halving", "none"] as const;
/** How settings are looked for; "none" keeps the learner's defaults. */
export type Search = (typeof SEARCHES)[number];

/** Settings that random search draws, and those that halving starts from. */
const DRAWN = { random: 24, halving: 27 } as const;

/** Digits of a drawn number: more would say nothing, and be hard to read. */
const DIGITS = 4;

/** The settings that a search is to try, the defaults first. Where no ranges are declared, they are drawn from the grid. */
export function settingsOf(learner: Learner, search: Search, rng: Rng): readonly Params[] {
  const { defaults, grid, ranges } = learner;
  switch (search) {
    case "none":
      return [defaults];
    case "grid":
      return [defaults, ...grid];
    case "random":
    case "halving": {
      const own = rng.fork(`settings of ${learner.name}`);
      const drawn = Array.from({ length: DRAWN[search] }, () =>
        ranges === undefined ? grid[own.below(grid.length)] : drawSetting(defaults, ranges, own),
      );
      return [defaults, ...drawn.filter((params) => params !== undefined)];
    }
    default:
      return search satisfies never;
  }
}

function drawSetting(defaults: Params, ranges: Readonly<Record<string, SettingRange>>, rng: Rng): Params {
  const drawn = Object.entries(ranges).map(([name, range]) => [name, drawValue(range, rng)] as const);
  return { ...defaults, ...Object.fromEntries(drawn) };
}

function drawValue(range: SettingRange, rng: Rng): unknown {
  if (range.kind === "choice") return range.values[rng.below(range.values.length)];
  const { low, high, whole = false } = range;
  const at = rng.uniform();
  const value =
    range.kind === "uniform" ? low + at * (high - low) : Math.exp(Math.log(low) + at * Math.log(high / low));
  return whole ? Math.round(value) : Number(value.toPrecision(DIGITS));
}
