/** The fields of an event, in the order in which they are checked. */
export const EVENT_FIELDS = [
  "ts",
  "userId",
  "sessionId",
  "itemInSession",
  "page",
  "auth",
  "method",
  "status",
  "level",
  "location",
  "userAgent",
  "firstName",
  "lastName",
  "gender",
  "registration",
  "artist",
  "song",
  "length",
] as const;

export type EventField = (typeof EVENT_FIELDS)[number];

/** Without these a row is no event. */
export const REQUIRED_FIELDS = ["ts", "sessionId", "itemInSession", "page"] as const satisfies readonly EventField[];

/** A number written as text, as CSV and careless JSON do: no sign but `-`, no blanks, no other base. */
export const NUMERIC_TEXT = /^-?\d{1,20}(\.\d{1,20})?([eE][+-]?\d{1,3})?$/;

/** What a text of an event may not hold: NUL (no database keeps it) and half of a surrogate pair (UTF-8 cannot). */
export const UNSTORABLE_TEXT = /[\0\p{Cs}]/u;

export const USER_ID_CHARS_MAX = 256;
export const PAGE_CHARS_MAX = 200;
export const TEXT_CHARS_MAX = 4_000;
/** A day from the ends of what a `Date` can hold, so that a day more is still a date. */
export const INSTANT_MS_MAX = 8_640_000_000_000_000 - 86_400_000;
/** Song lengths are kept as 32-bit whole numbers of 10 µs. */
export const LENGTH_SECONDS_MAX = 21_474;
export const ITEM_MAX = 2_147_483_647;
export const STATUS_MAX = 999;

const ISO_TIME = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?)(Z|[+-]\d{2}:\d{2})$/;

/** Milliseconds of an ISO 8601 date and time with `Z` or an offset; NaN otherwise, also for February 30. */
export function parseIsoTime(text: string): number {
  const match = ISO_TIME.exec(text);
  if (match === null) return Number.NaN;
  const daysInMonth = new Date(Date.UTC(Number(match[1]), Number(match[2]), 0)).getUTCDate();
  return Number(match[3]) > daysInMonth ? Number.NaN : Date.parse(text);
}

/** The product token that `simulate` puts into every user agent, so that its logs can never pass for real ones. */
export const SIMULATED_AGENT = "Refrain-Simulated/1";
