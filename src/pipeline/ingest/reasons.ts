import { EVENT_FIELDS, type EventField } from "../../schema/event-limits.js";

/** Why a line is no event, where it is not one field's fault. Codes are stable: people filter quarantine files by them. */
export const LINE_REASONS = {
  BLANK_LINE: "The line is blank.",
  INVALID_JSON: "The line is not JSON.",
  TRUNCATED_LINE: "The last line ends before its JSON does, and without a newline: the file was cut off.",
  NOT_AN_OBJECT: "The line is JSON, but not an object.",
  INVALID_UTF8: "The line is not UTF-8.",
  LINE_TOO_LONG: "The line is longer than 1 MiB.",
  CSV_QUOTE: "A quoted cell is not closed, or goes on after its closing quote.",
  CSV_CELLS: "The row has not as many cells as the header.",
  TS_NEGATIVE: "ts is before 1970.",
  TS_IN_SECONDS: "ts looks like seconds; it must be milliseconds.",
  TS_IN_FUTURE: "ts is more than a day in the future.",
  NEGATIVE_LENGTH: "length is negative.",
  USER_ERASED: "The user was erased from this home; nothing of the row is kept.",
} as const;

/** `itemInSession` → `ITEM_IN_SESSION`. */
function constantCase(field: string): string {
  return field.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
}

function fieldReasons(prefix: string): Record<EventField, string> {
  return Object.fromEntries(EVENT_FIELDS.map((field) => [field, `${prefix}_${constantCase(field)}`])) as Record<
    EventField,
    string
  >;
}

export const MISSING = fieldReasons("MISSING");
export const BAD = fieldReasons("BAD");

const MESSAGES = new Map<string, string>([
  ...Object.entries(LINE_REASONS),
  ...EVENT_FIELDS.map((field): [string, string] => [MISSING[field], `${field} is missing.`]),
  ...EVENT_FIELDS.map((field): [string, string] => [BAD[field], `${field} is not of the kind or size it must be.`]),
]);

export function reasonMessage(code: string): string {
  return MESSAGES.get(code) ?? code;
}
