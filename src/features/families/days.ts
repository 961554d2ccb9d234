import { utcDay } from "../../base/time.js";
import { between, type Measure } from "../accumulators/recent.js";
import type { Family, Feature } from "../fold.js";
import type { States } from "../states.js";

/** Days of a sequence, today so far among them: what the rings of `recent` hold. */
export const DAYS = 28;

interface Channel {
  /** What the features of its days begin with. */
  readonly name: string;
  readonly measure: Measure;
  readonly family: Family;
  readonly what: string;
}

/** What a day is told by. */
export const CHANNELS: readonly Channel[] = [
  { name: "songs", measure: "songs", family: "volume", what: "songs" },
  { name: "sessions", measure: "sessions", family: "sessions", what: "sessions" },
  { name: "thumbs_up", measure: "thumbsUp", family: "feedback", what: "thumbs up" },
  { name: "thumbs_down", measure: "thumbsDown", family: "feedback", what: "thumbs down" },
  { name: "adverts", measure: "adverts", family: "subscription", what: "adverts" },
  { name: "downgrade_visits", measure: "downgradeVisits", family: "subscription", what: "visits of Downgrade" },
];

/** The feature of a channel and a day: 0 is today. */
export function dayFeature(channel: string, daysAgo: number): string {
  return `${channel}_day_${daysAgo}`;
}

/**
 * What users did day by day, for models that read days in their order: the oldest day first, the channels of a day side by side. A
 * logarithm of 1 + the count; missing for days before the user's first event.
 */
export const DAY_FEATURES: readonly Feature<States>[] = Array.from({ length: DAYS }, (_, i) => DAYS - 1 - i).flatMap(
  (daysAgo) =>
    CHANNELS.map(
      ({ name, measure, family, what }): Feature<States> => ({
        name: dayFeature(name, daysAgo),
        family,
        unit: "log",
        knownAt: "rows, cutoff",
        description: `logarithm of 1 + ${what} ${daysAgo === 0 ? "today so far" : `${daysAgo} days ago`}`,
        undo: Math.expm1,
        read: ({ recent, profile }, cutoff) =>
          utcDay(cutoff) - daysAgo < utcDay(profile.firstTsMs)
            ? Number.NaN
            : Math.log1p(between(recent, cutoff, { fromDaysAgo: daysAgo, toDaysAgo: daysAgo, measure })),
      }),
    ),
);

export const DAY_NAMES: ReadonlySet<string> = new Set(DAY_FEATURES.map(({ name }) => name));
