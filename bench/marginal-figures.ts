import { sortedQuantile } from "#src/base/math/sorting.js";
import { MS_PER_DAY, MS_PER_HOUR } from "#src/base/time.js";
import type { LogTally, UserTally } from "./marginal-tally.js";

/** The figures of `targets.json` from a tally, by its definitions. */

export const count = (user: UserTally, page: string): number => user.pages.get(page) ?? 0;
export const songs = (user: UserTally): number => count(user, "NextSong");
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
export const total = (users: readonly UserTally[], of: (user: UserTally) => number): number => sum(users.map(of));
export const mean = (values: readonly number[]): number => sum(values) / values.length;

/** `percent` of the values lie below. */
export function quantile(values: readonly number[], percent: number): number {
  return sortedQuantile(
    values.toSorted((a, b) => a - b),
    percent / 100,
  );
}

export const churned = (user: UserTally): boolean => user.cancelledAt !== null;
export const neverPaid = (user: UserTally): boolean => user.paidRows === 0;
/** Paid, and no switch seen. */
export const alwaysPaid = (user: UserTally): boolean =>
  user.paidRows > 0 && count(user, "Submit Upgrade") === 0 && count(user, "Submit Downgrade") === 0;
export const switched = (user: UserTally): boolean => !neverPaid(user) && !alwaysPaid(user);
/** Of whom a rate by song can be told. */
export const manySongs = (user: UserTally): boolean => songs(user) >= 100;

export const shareOf = (users: readonly UserTally[], of: (user: UserTally) => boolean): number =>
  users.filter(of).length / users.length;
export const pageShare = (users: readonly UserTally[], ...pages: readonly string[]): number =>
  total(users, (user) => sum(pages.map((page) => count(user, page)))) / total(users, (user) => user.rows);
export const per1000 = (users: readonly UserTally[], page: string): number =>
  (1000 * total(users, (user) => count(user, page))) / total(users, songs);
export const tenureDays = (user: UserTally): number => (user.last - user.first) / MS_PER_DAY;
export const daysFromRegistration = (user: UserTally): number =>
  Math.floor((user.last - user.registration) / MS_PER_DAY);

export function blankShare({ blank }: LogTally, ...pages: readonly string[]): number {
  const rows = sum([...blank.values()]);
  return sum(pages.map((page) => blank.get(page) ?? 0)) / rows;
}

/** Mean hours between the starts of a user's sessions. */
export function startGapHours(user: UserTally): number {
  const starts = [...user.sessions.values()].map(({ first }) => first).sort((a, b) => a - b);
  return ((starts.at(-1) ?? 0) - (starts[0] ?? 0)) / (starts.length - 1) / MS_PER_HOUR;
}

/** Mean minutes of a user's sessions. */
export const sessionMinutes = (user: UserTally): number =>
  mean([...user.sessions.values()].map(({ first, last }) => (last - first) / 60_000));

/** Shares of session starts by hour (24) or weekday from Monday (7), UTC. */
export function startShares(users: readonly UserTally[], by: "hour" | "weekday"): number[] {
  const counts = new Array<number>(by === "hour" ? 24 : 7).fill(0);
  for (const user of users)
    for (const { first } of user.sessions.values()) {
      const at = new Date(first);
      const bin = by === "hour" ? at.getUTCHours() : (at.getUTCDay() + 6) % 7;
      counts[bin] = (counts[bin] ?? 0) + 1;
    }
  const all = sum(counts);
  return counts.map((n) => n / all);
}

/** Half the sum of absolute differences: the share that would have to move. */
export const totalVariation = (a: readonly number[], b: readonly number[]): number =>
  sum(a.map((share, i) => Math.abs(share - (b[i] ?? 0)))) / 2;

/** Between-user coefficient of variation of a rate by song, Poisson noise removed (method of moments). */
export function betweenUserCv(users: readonly UserTally[], page: string): number {
  const known = users.filter(manySongs);
  const rate = total(known, (user) => count(user, page)) / total(known, songs);
  const excess = total(known, (user) => (count(user, page) - rate * songs(user)) ** 2 - rate * songs(user));
  return Math.sqrt(Math.max(0, excess / total(known, (user) => songs(user) ** 2))) / rate;
}

/** Cancellations per user-day between two days since the first event; who stays counts to the end of 61 days. */
export function hazard(users: readonly UserTally[], fromDay: number, toDay: number): number {
  const left = users.map((user) => (churned(user) ? tenureDays(user) : Number.POSITIVE_INFINITY));
  const days = sum(left.map((day) => Math.max(0, Math.min(day, toDay) - fromDay)));
  return left.filter((day) => day >= fromDay && day < toDay).length / days;
}

/** Chance that a churned user has the larger value; ties count half. */
export function aucOf(users: readonly UserTally[], value: (user: UserTally) => number): number {
  const sorted = users.map((user) => ({ v: value(user), y: churned(user) })).sort((a, b) => a.v - b.v);
  let [ranks, positives] = [0, 0];
  for (let i = 0; i < sorted.length; ) {
    let j = i;
    while (j < sorted.length && sorted[j]?.v === sorted[i]?.v) j++;
    const hit = sorted.slice(i, j).filter(({ y }) => y).length;
    ranks += (hit * (i + 1 + j)) / 2;
    positives += hit;
    i = j;
  }
  return (ranks - (positives * (positives + 1)) / 2) / (positives * (sorted.length - positives));
}
