// hot loop
import type { Rng } from "../../base/rng.js";
import type { Counted } from "../scored.js";

/** What was chosen among, and how. */
export interface Selection {
  /** Which user a row belongs to, any whole number. */
  readonly user: Int32Array;
  /** A metric of each setting's out-of-fold scores. */
  readonly measures: readonly Counted[];
  /** Number of the setting that is chosen when each row counts so many times; rows of a user count alike. */
  choose(counts: Float64Array): number;
}

export interface Optimism {
  /** The metric of the chosen setting on the rows that it was chosen on. */
  readonly apparent: number;
  /** What the choice is worth on users who had no part in it. */
  readonly corrected: number;
  /** How much of the apparent score is selection. */
  readonly optimism: number;
  readonly draws: number;
}

const DRAWS = 200;

/**
 * How much of a winner's score is that it won: bootstrap bias corrected cross-validation (BBC-CV: Tsamardinos, Greasidou & Borboudakis
 * 2018). Out-of-fold scores stay as they are; users are drawn with replacement, the setting is chosen anew on those drawn and measured
 * on those left out; the mean over the draws is what the choice is worth. Nothing is fitted again. Some metrics are higher on fewer users
 * whatever is chosen (average precision is): by how much all settings together are is taken off.
 */
export function selectionOptimism({ user, measures, choose }: Selection, rng: Rng): Optimism {
  const slots = new Map<number, number>();
  for (const id of user) if (!slots.has(id)) slots.set(id, slots.size);
  const slot = Int32Array.from(user, (id) => slots.get(id) ?? 0);
  const times = new Float64Array(slots.size);
  const drawn = new Float64Array(user.length);
  const left = new Float64Array(user.length);
  const all = new Float64Array(user.length).fill(1);
  const whole = measures.map((measure) => measure(all));
  const apparent = whole[choose(all)] ?? Number.NaN;
  let [sum, fewer, draws] = [0, 0, 0];
  for (let draw = 0; draw < DRAWS; draw++) {
    times.fill(0);
    for (let k = 0; k < times.length; k++) times[rng.below(times.length)]! += 1;
    for (let i = 0; i < slot.length; i++) {
      drawn[i] = times[slot[i]!]!;
      left[i] = drawn[i]! > 0 ? 0 : 1;
    }
    const values = measures.map((measure) => measure(left));
    const value = values[choose(drawn)] ?? Number.NaN;
    const off = meanOf(values.map((own, at) => own - whole[at]!));
    if (!Number.isFinite(value) || !Number.isFinite(off)) continue;
    sum += value;
    fewer += off;
    draws++;
  }
  const corrected = (sum - fewer) / draws;
  return { apparent, corrected, optimism: apparent - corrected, draws };
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
