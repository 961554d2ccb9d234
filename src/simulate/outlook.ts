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
    const change = Math.min(Math.max(setting.book.changeAt, at.cutoff), end);
    const [before, after] = chains.map((byPopulation) => byPopulation[who.population] as SessionChain);
    const alive = new Float64Array((after as SessionChain).size).fill(1);
    const later = lookAhead(after as SessionChain, who.betaMs, stretch(change, end, setting), alive);
    return lookAhead(before as SessionChain, who.betaMs, stretch(at.cutoff, change, setting), later);
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
