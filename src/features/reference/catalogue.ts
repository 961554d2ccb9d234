import { MS_PER_DAY, MS_PER_MINUTE, utcDay } from "../../base/time.js";
import { LEVEL, PAGE } from "../../schema/pages.js";
import type { Catalogue, Family, Feature, Unit } from "../fold.js";
import { type HistoryState, history } from "./history.js";

export interface ReferenceStates {
  history: HistoryState;
}

type Read = (state: HistoryState, endMs: number) => number;
const TEN_US_PER_SECOND = 100_000;

const feature = (
  name: string,
  family: Family,
  unit: Unit,
  description: string,
  read: Read,
): Feature<ReferenceStates> => ({
  name,
  family,
  unit,
  knownAt: "rows, cutoff",
  description: `${description} (whole history)`,
  // pandas leaves gaps where a user has no song or no registration, and the reference fills them with 0.
  read: (states, end) => read(states.history, end) || 0,
});

const count = (name: string, family: Family, page: keyof typeof PAGE): Feature<ReferenceStates> =>
  feature(name, family, "count", page, (s) => s.pages[PAGE[page]] ?? 0);

const thumbs = (s: HistoryState): number => (s.pages[PAGE["Thumbs Up"]] ?? 0) + (s.pages[PAGE["Thumbs Down"]] ?? 0);
const seconds = (s: HistoryState): number => s.length10usSum / TEN_US_PER_SECOND;
const sinceRegistration = (s: HistoryState, end: number): number => (end - s.registrationMs) / MS_PER_DAY;
const daysAvailable = (s: HistoryState, end: number): number => utcDay(end) - utcDay(s.registrationMs) + 1;

const items = (s: HistoryState): number[] => Array.from(s.sessions.values(), (span) => span.itemMax);
const minutes = (s: HistoryState): number[] =>
  Array.from(s.sessions.values(), (span) => (span.lastMs - span.firstMs) / MS_PER_MINUTE);
const mean = (values: readonly number[]): number => values.reduce((sum, v) => sum + v, 0) / values.length;

/** Sample standard deviation (n − 1); 0 for a single value, as the reference fills it. */
function deviation(values: readonly number[]): number {
  if (values.length < 2) return 0;
  const centre = mean(values);
  return Math.sqrt(values.reduce((sum, v) => sum + (v - centre) ** 2, 0) / (values.length - 1));
}

const STATES_NAMED = ["CA", "NY-NJ-PA", "TX"];

/** `state_…`: one column for each of the reference's three most frequent states, and one for all others. */
function stateFeatures(states: readonly string[]): Feature<ReferenceStates>[] {
  const nameOf = (s: HistoryState): string => states[s.state] ?? "";
  const one = (name: string, has: (state: string) => boolean) =>
    feature(`state_${name}`, "profile", "yes/no", `lives in ${name}`, (s) => (has(nameOf(s)) ? 1 : 0));
  return [
    one("CA", (state) => state === "CA"),
    one("NY-NJ-PA", (state) => state === "NY-NJ-PA"),
    one("Other", (state) => !STATES_NAMED.includes(state)),
    one("TX", (state) => state === "TX"),
  ];
}

const ACTIVITY: readonly Feature<ReferenceStates>[] = [
  feature("total_events", "volume", "count", "events", (s) => s.events),
  feature("num_sessions", "sessions", "count", "session ids", (s) => s.sessions.size),
  feature("total_interactions", "volume", "count", "sum of itemInSession", (s) => s.itemSum),
  feature("events_per_session", "sessions", "ratio", "events ÷ sessions", (s) => s.events / s.sessions.size),
  feature("songs_played", "listening", "count", "songs", (s) => s.songs),
  feature("total_listening_time", "listening", "seconds", "sum of song lengths", seconds),
  feature("avg_song_length", "listening", "seconds", "mean song length", (s) => seconds(s) / s.timed),
  feature("unique_artists", "variety", "count", "different artists", (s) => s.artists.size),
  feature("unique_songs", "variety", "count", "different songs", (s) => s.songIds.size),
  feature("days_since_registration", "tenure", "days", "registration to the end of the log", sinceRegistration),
  feature(
    "avg_daily_listening_time",
    "listening",
    "seconds",
    "listening time ÷ days since registration",
    (s, end) => seconds(s) / sinceRegistration(s, end),
  ),
  feature(
    "avg_daily_songs",
    "listening",
    "ratio",
    "songs ÷ days since registration",
    (s, end) => s.songs / sinceRegistration(s, end),
  ),
  feature("artist_diversity", "variety", "share", "different artists ÷ songs", (s) => s.artists.size / s.songs),
];

const PAGE_COUNTS: readonly Feature<ReferenceStates>[] = [
  count("thumbs_up", "feedback", "Thumbs Up"),
  count("thumbs_down", "feedback", "Thumbs Down"),
  feature("total_feedback", "feedback", "count", "thumbs up and down", thumbs),
  feature("positive_feedback_ratio", "feedback", "share", "thumbs up ÷ thumbs, 0.5 without any", (s) =>
    thumbs(s) === 0 ? 0.5 : (s.pages[PAGE["Thumbs Up"]] ?? 0) / thumbs(s),
  ),
  count("playlist_adds", "feedback", "Add to Playlist"),
  count("add_friend", "feedback", "Add Friend"),
  count("advert_roll", "subscription", "Roll Advert"),
  feature("is_paid", "subscription", "yes/no", "on the paid plan at the last event", (s) =>
    s.level === LEVEL.paid ? 1 : 0,
  ),
  feature("subscription_changes", "subscription", "yes/no", "seen on both plans", (s) =>
    s.seenFree && s.seenPaid ? 1 : 0,
  ),
  count("downgrades", "subscription", "Submit Downgrade"),
  count("upgrades", "subscription", "Submit Upgrade"),
  count("error_count", "trouble", "Error"),
  count("help_visits", "trouble", "Help"),
  count("settings_visits", "trouble", "Settings"),
  count("logout_count", "sessions", "Logout"),
  feature("has_issues", "trouble", "yes/no", "any Error or Help", (s) =>
    (s.pages[PAGE.Error] ?? 0) > 0 || (s.pages[PAGE.Help] ?? 0) > 0 ? 1 : 0,
  ),
];

const RHYTHM: readonly Feature<ReferenceStates>[] = [
  feature(
    "days_since_last_activity",
    "recency",
    "days",
    "last event to the end of the log",
    (s, end) => (end - s.lastTsMs) / MS_PER_DAY,
  ),
  feature("days_used_in_period", "recency", "days", "days with an event", (s) => s.days.size),
  feature("days_available_in_period", "tenure", "days", "calendar days from registration to the end", daysAvailable),
  feature(
    "usage_frequency",
    "recency",
    "share",
    "days with an event ÷ calendar days",
    (s, end) => s.days.size / daysAvailable(s, end),
  ),
  feature("avg_session_length", "sessions", "count", "mean of the highest item number", (s) => mean(items(s))),
  feature("session_length_std", "sessions", "count", "its standard deviation", (s) => deviation(items(s))),
  feature("max_session_length", "sessions", "count", "its maximum", (s) => Math.max(...items(s))),
  feature("avg_session_duration_mins", "sessions", "minutes", "mean session span", (s) => mean(minutes(s))),
  feature("session_duration_std_mins", "sessions", "minutes", "its standard deviation", (s) => deviation(minutes(s))),
  feature("max_session_duration_mins", "sessions", "minutes", "its maximum", (s) => Math.max(...minutes(s))),
  feature(
    "session_consistency",
    "sessions",
    "ratio",
    "1 ÷ (1 + session_length_std)",
    (s) => 1 / (1 + deviation(items(s))),
  ),
];

/**
 * The reference system's 46 features, by its names and in its order, read at the end of the log. They look back from
 * there whatever happened to the user, so a churned user's silence gives the label away: never for honest models.
 *
 * @param states names of the state codes (`EventColumns.states`)
 */
export function referenceCatalogue(states: readonly string[]): Catalogue<ReferenceStates> {
  return {
    name: "whole-history",
    accumulators: { history },
    features: [
      feature("gender_F", "profile", "yes/no", "gender is F", (s) => (s.gender === 1 ? 1 : 0)),
      feature("gender_M", "profile", "yes/no", "gender is M", (s) => (s.gender === 2 ? 1 : 0)),
      ...stateFeatures(states),
      ...ACTIVITY,
      ...PAGE_COUNTS,
      ...RHYTHM,
    ],
  };
}
