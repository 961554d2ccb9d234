import type { Instant } from "../base/time.js";
import { addDays } from "../base/time.js";
import type { Horizon } from "../labels/label.js";
import { PACES } from "./pace.js";
import { POPULATIONS } from "./populations.js";
import { lookAhead, type SessionChain, sessionChain } from "./session-chain.js";
import type { Setting } from "./setting.js";

/** Probabilities of not having cancelled by the end of the gap, and of the horizon, by state of the chain. */
export interface Survival {
  readonly gap: Float64Array;
  readonly horizon: Float64Array;
}

/** Session chains by regime and population. */
export type ChainBook = readonly (readonly SessionChain[])[];

export function chainBook(setting: Setting): ChainBook {
  return setting.book.walks.map((byPopulation) => byPopulation.map((walks) => sessionChain(walks, setting.moods)));
}

/** Survival of a listener of a population and pace after a cutoff, under the walks in force on each side of a change. */
export function survivalAfter(
  at: { cutoff: Instant; horizon: Horizon },
  who: { population: number; betaMs: number },
  chains: ChainBook,
  setting: Setting,
): Survival {
  const gapEnds = addDays(at.cutoff, at.horizon.gapDays);
  const ends = addDays(gapEnds, at.horizon.horizonDays);
  const until = (end: number): Float64Array => {
    const within = (moment: number) => Math.min(Math.max(moment, at.cutoff), end);
    const bounds = [at.cutoff, ...setting.book.changesAt.map(within), end];
    const own = chains.map((byPopulation) => byPopulation[who.population] as SessionChain);
    // From the last regime back to the first.
    return own.reduceRight<Float64Array>(
      (alive, chain, regime) =>
        lookAhead(chain, who.betaMs, stretch(bounds[regime] ?? end, bounds[regime + 1] ?? end, setting), alive),
      new Float64Array(own[0]?.size ?? 0).fill(1),
    );
  };
  return { gap: until(gapEnds), horizon: until(ends) };
}

function stretch(from: number, to: number, { arrivals }: Setting) {
  return { ms: to - from, feltMs: arrivals.felt(to) - arrivals.felt(from) };
}

/** Survival for every population and pace of the grid. */
export function survivalTable(
  at: { cutoff: Instant; horizon: Horizon },
  chains: ChainBook,
  setting: Setting,
): readonly (readonly Survival[])[] {
  return POPULATIONS.map((_, population) =>
    PACES.map(({ betaMs }) => survivalAfter(at, { population, betaMs }, chains, setting)),
  );
}
