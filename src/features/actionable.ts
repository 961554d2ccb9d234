import type { Feature } from "./fold.js";

/** Families of what a user is, or what the calendar says. */
const FIXED_FAMILIES: ReadonlySet<string> = new Set(["profile", "tenure", "calendar"]);

/** What lies behind a user, or only ever grows: nothing that is done now takes it back. */
const FIXED: ReadonlySet<string> = new Set([
  "log_events",
  "sessions",
  "log_songs",
  "artists",
  "different_songs",
  "longest_session_events",
  "ever_paid",
  "level_changes",
  "days_on_level",
  "paid_song_share",
  "usual_pause_days",
  "longest_pause_days",
  "weekend_share",
  "hour_spread",
]);
const COUNTED_SINCE_THE_FIRST = /_while_(free|paid)$/;

/**
 * Whether acting could change a feature before the horizon is over: an offer, a message, fewer adverts, better songs. That it
 * can be changed does not say that changing it keeps the user: a model knows what goes with churn, not what causes it.
 */
export function isActionable({ name, family }: Pick<Feature<never>, "name" | "family">): boolean {
  return !FIXED_FAMILIES.has(family) && !FIXED.has(name) && !COUNTED_SINCE_THE_FIRST.test(name);
}
