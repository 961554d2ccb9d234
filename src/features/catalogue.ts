import { BY_PLAN } from "./families/by-plan.js";
import { calendarFeatures } from "./families/calendar.js";
import { DAY_FEATURES } from "./families/days.js";
import { FEEDBACK } from "./families/feedback.js";
import { LISTENING } from "./families/listening.js";
import { PROFILE } from "./families/profile.js";
import { RECENCY } from "./families/recency.js";
import { SESSIONS } from "./families/sessions.js";
import { SUBSCRIPTION } from "./families/subscription.js";
import { TENURE } from "./families/tenure.js";
import { TRENDS } from "./families/trends.js";
import { TROUBLE } from "./families/trouble.js";
import { VARIETY } from "./families/variety.js";
import { VOLUME } from "./families/volume.js";
import type { Catalogue } from "./fold.js";
import { ACCUMULATORS, type States } from "./states.js";

const OF_ANY_LOG = [
  ...PROFILE,
  ...TENURE,
  ...VOLUME,
  ...SESSIONS,
  ...LISTENING,
  ...VARIETY,
  ...FEEDBACK,
  ...SUBSCRIPTION,
  ...TROUBLE,
  ...RECENCY,
  ...TRENDS,
  ...BY_PLAN,
];

/**
 * The features of honest models: each reads only what was known at its cutoff.
 *
 * @param states names of the state codes (`EventColumns.states`), for the calendar of each
 */
export function pointInTime(states: readonly string[]): Catalogue<States> {
  return { name: "point-in-time", accumulators: ACCUMULATORS, features: [...OF_ANY_LOG, ...calendarFeatures(states)] };
}

/** The same, and behind them what was done on each of the last days: for models that read days in their order. */
export function withDays(states: readonly string[]): Catalogue<States> {
  const { features, ...usual } = pointInTime(states);
  return { ...usual, name: "days", features: [...features, ...DAY_FEATURES] };
}

/** The same where no state is named: all keep the holidays of the whole country. For the names and meanings. */
export const POINT_IN_TIME = pointInTime([]);
export const WITH_DAYS = withDays([]);
