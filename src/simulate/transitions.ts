import { assert } from "../base/assert.js";
import type { PageName } from "../schema/pages.js";
import { landing, STATES, type WalkState } from "./states.js";
import { FIRST_PAGES, type Standing, TEMPLATE_WALK, type WalkRows } from "./walk.js";

/** Probability of each next page from one state, before it is a row of the matrix. May be changed in place. */
export type PageShares = Map<PageName, number>;
/** Bends the shares of one state: a scenario, a mood. Changes the map in place. */
export type Tilt = (from: WalkState, shares: PageShares) => void;

const N = STATES.length;

/** Column of the end of the session in `Walk.probability`. */
export const END = N;

/** A walk ready to be walked: cumulative shares to draw from, logarithms to judge by. */
export interface Walk {
  /** N × (N + 1), row-major; the last column is the end of the session. */
  readonly probability: Float64Array;
  readonly logProbability: Float64Array;
  /** Targets of each state, likeliest first, and the running sum of their probabilities. */
  readonly targets: readonly Int16Array[];
  readonly cumulative: readonly Float64Array[];
}

/** Builds the walk of the template with the changes of a population, bent by the tilts in their order. */
export function buildWalk(changes: WalkRows, tilts: readonly Tilt[] = []): Walk {
  const probability = new Float64Array(N * (N + 1));
  STATES.forEach((from, row) => {
    const shares = parseShares(TEMPLATE_WALK[from.standing]?.[from.page] ?? "");
    for (const [page, share] of parseShares(changes[from.standing]?.[from.page] ?? "")) shares.set(page, share);
    for (const tilt of tilts) tilt(from, shares);
    let left = 1;
    for (const [page, share] of shares) {
      const to = landing(from, page);
      assert(to >= 0 && share >= 0, `the walk goes from ${from.standing}|${from.page} to ${page}`);
      probability[row * (N + 1) + to] = share;
      left -= share;
    }
    assert(left > -1e-9, `probabilities of ${from.standing}|${from.page} add up to more than 1`);
    probability[row * (N + 1) + END] = Math.max(0, left);
  });
  return compile(probability);
}

function compile(probability: Float64Array): Walk {
  const targets: Int16Array[] = [];
  const cumulative: Float64Array[] = [];
  for (let row = 0; row < N; row++) {
    const shares = probability.subarray(row * (N + 1), (row + 1) * (N + 1));
    const order = Array.from(shares.keys()).filter((to) => (shares[to] as number) > 0);
    order.sort((a, b) => (shares[b] as number) - (shares[a] as number) || a - b);
    targets.push(Int16Array.from(order));
    let sum = 0;
    cumulative.push(
      Float64Array.from(order, (to) => {
        sum += shares[to] as number;
        return sum;
      }),
    );
  }
  return { probability, logProbability: probability.map((p) => Math.log(p)), targets, cumulative };
}

/** The state after `from` for a uniform draw; `END` when the session is over. */
export function step(walk: Walk, from: number, draw: number): number {
  const sums = walk.cumulative[from]!; // hot loop
  const targets = walk.targets[from]!;
  let i = 0;
  while (i < sums.length - 1 && draw >= sums[i]!) i++;
  return targets[i]!;
}

/** First states of a session with their probabilities, for a listener in that standing. */
export function firstStates(standing: Standing): ReadonlyMap<number, number> {
  const shares = parseShares(FIRST_PAGES[standing] ?? "");
  const total = [...shares.values()].reduce((sum, weight) => sum + weight, 0);
  const from = { ...(STATES[0] as WalkState), page: "Home" as PageName, ...standingOf(standing) };
  return new Map([...shares].map(([page, weight]) => [landing(from, page), weight / total]));
}

function standingOf(standing: Standing): Pick<WalkState, "auth" | "level" | "standing"> {
  const found = STATES.find((state) => state.standing === standing);
  assert(found, `no state has the standing ${standing}`);
  return { auth: found.auth, level: found.level, standing };
}

/** "Home .7, Add Friend .05" → shares. */
export function parseShares(text: string): PageShares {
  const shares: PageShares = new Map();
  for (const part of text === "" ? [] : text.split(", ")) {
    const space = part.lastIndexOf(" ");
    shares.set(part.slice(0, space) as PageName, Number(part.slice(space + 1)));
  }
  return shares;
}
