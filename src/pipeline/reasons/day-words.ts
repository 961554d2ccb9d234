import { CHANNELS, DAYS, dayFeature } from "../../features/families/days.js";
import { brief } from "./phrases.js";

const WEEK = 7;

/** The name under which a channel of days is shown, from that of its latest day; other names stay. */
export function byDayName(feature: string): string {
  return feature.replace(/_day_0$/, "_by_day");
}

/** Where the days of one channel stand in a model's features, today first. */
export interface ChannelDays {
  readonly what: string;
  readonly columns: readonly number[];
}

/** By the column of today's value, at which contributions stand; empty where a model reads no days. */
export function channelsByToday(features: readonly string[]): ReadonlyMap<number, ChannelDays> {
  const columnOf = new Map(features.map((name, column) => [name, column]));
  const found = CHANNELS.map(({ name, what }): ChannelDays => {
    const columns = Array.from({ length: DAYS }, (_, daysAgo) => columnOf.get(dayFeature(name, daysAgo)) ?? -1);
    return { what, columns };
  });
  return new Map(
    found.flatMap((channel) => (channel.columns.includes(-1) ? [] : [[channel.columns[0] ?? -1, channel]])),
  );
}

/** How often a channel's thing was done on the last days, and in how many words: "no songs in the last 7 days; 34 in the 7 before". */
export function sayDays({ what, columns }: ChannelDays, row: Float64Array): { value: number; text: string } {
  const sumOf = (from: number, to: number): number =>
    columns.slice(from, to).reduce((sum, column) => {
      const day = Math.expm1(row[column] ?? Number.NaN);
      return Number.isNaN(day) ? sum : sum + day;
    }, 0);
  const [last, before] = [Math.round(sumOf(0, WEEK)), Math.round(sumOf(WEEK, 2 * WEEK))];
  const earlier = before === 0 ? "none" : brief(before);
  return { value: last, text: `${counted(last, what)} in the last ${WEEK} days; ${earlier} in the ${WEEK} before` };
}

/** "12 songs a day in the last 7 days", of a logarithm of 1 + the count. */
export function perDay({ what }: ChannelDays, value: number, days: number): string {
  return `${counted(Math.expm1(value), what)} a day in the last ${days} days`;
}

/** "no adverts", "1 advert", "0.4 adverts" */
function counted(value: number, what: string): string {
  if (value === 0) return `no ${what}`;
  return `${brief(value)} ${value === 1 ? what.replace(/^(song|session|advert|visit)s\b/, "$1") : what}`;
}
