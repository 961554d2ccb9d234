import { type Instant, MS_PER_DAY } from "../base/time.js";
import { type Moods, scale, setShare } from "./mood.js";
import { POPULATIONS, type Population } from "./populations.js";
import type { WalkState } from "./states.js";
import { buildWalk, parseShares, type Tilt, type Walk } from "./transitions.js";
import { TEMPLATE_WALK } from "./walk.js";

type Bend = (population: Population) => Tilt;

interface Scenario {
  readonly description: string;
  /** What bends the walk of a population from the day of change on. */
  readonly after: Bend | null;
  /** Whether listeners cancel out of the walk; if not, by the calendar. */
  readonly walkCancels: boolean;
}

/** Constant hazard of the null world per day: 23% cancel within 63 days, as in the others. */
export const NULL_HAZARD_PER_DAY = -Math.log(1 - 0.23) / 63;

const SWAPPED: Readonly<Record<string, string>> = { Tuba: "Xylophone", Xylophone: "Tuba" };

/** Probability that a population cancels from a state. */
function cancelShare(population: Population, { standing, page }: WalkState): number {
  const own = parseShares(population.changes[standing]?.[page] ?? "").get("Cancel");
  return own ?? parseShares(TEMPLATE_WALK[standing]?.[page] ?? "").get("Cancel") ?? 0;
}

/** The worlds. A change comes at one instant, at midnight of the day of change. */
export const SCENARIOS = {
  steady: { description: "nothing changes", after: null, walkCancels: true },
  drift: {
    description:
      "pages change: after a song 1.5 times the adverts and twice the thumbs down, for all; the probability to " +
      "cancel per visit of a page stays",
    after: () => (from, shares) => {
      if (!from.song) return;
      scale(shares, "Roll Advert", 1.5);
      scale(shares, "Thumbs Down", 2);
    },
    walkCancels: true,
  },
  concept: {
    description:
      "the meaning of pages changes: the advert-heavy listeners cancel with the probabilities of the easily pleased, " +
      "and these with theirs; all other pages keep their rates",
    after: (population) => {
      const donor = POPULATIONS.find((other) => other.name === SWAPPED[population.name]);
      return (from, shares) => {
        if (donor !== undefined && shares.has("Cancel")) setShare(shares, "Cancel", cancelShare(donor, from));
      };
    },
    walkCancels: true,
  },
  null: {
    description:
      "nobody cancels because of anything: each day every listener cancels with the same probability, in a session " +
      "of its own",
    after: null,
    walkCancels: false,
  },
} as const satisfies Record<string, Scenario>;

export type ScenarioName = keyof typeof SCENARIOS;
export const SCENARIO_NAMES = Object.keys(SCENARIOS) as ScenarioName[];

/** Something that changes at midnight of a day. */
export interface Change {
  readonly scenario: ScenarioName;
  /** Since the start of the log. */
  readonly day: number;
}

/** The walks in force, by regime (0 before the first change), population and mood. */
export interface WalkBook {
  /** When each later regime begins, ascending. */
  readonly changesAt: readonly number[];
  readonly walks: readonly (readonly (readonly Walk[])[])[];
}

/** The walks in force at a moment, by population and mood. */
export function walksAt({ changesAt, walks }: WalkBook, at: number): WalkBook["walks"][number] {
  let regime = 0;
  while (regime < changesAt.length && at >= changesAt[regime]!) regime++; // hot loop
  return walks[regime]!;
}

const NEVER_CANCEL: Tilt = (_from, shares) => {
  if (shares.has("Cancel")) setShare(shares, "Cancel", 0);
};

/** @param changes in their order; what changed stays so. Days are without meaning where nothing changes. */
export function walkBook(changes: readonly Change[], moods: Moods, start: Instant): WalkBook {
  const never = changes.every(({ scenario }) => SCENARIOS[scenario].walkCancels) ? [] : [NEVER_CANCEL];
  const regime = (bends: readonly Bend[]) =>
    POPULATIONS.map((population) => {
      const bent = bends.map((bend) => bend(population));
      return moods.tilts.map((mood) => buildWalk(population.changes, [...bent, mood, ...never]));
    });
  const steps = changes.flatMap(({ scenario, day }) => {
    const { after }: Scenario = SCENARIOS[scenario];
    return after === null ? [] : [{ after, at: start + day * MS_PER_DAY }];
  });
  return {
    changesAt: steps.map(({ at }) => at),
    walks: [[], ...steps].map((_, count) => regime(steps.slice(0, count).map(({ after }) => after))),
  };
}
