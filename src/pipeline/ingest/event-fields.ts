import { EVENT_FIELDS, type EventField } from "../../schema/event-limits.js";
import { TEXT_COLUMN_NAMES, TEXT_COLUMNS } from "../../store/event-batch.js";

/** Slots from here on are of fields that are none of ours. */
export const FIELDS = EVENT_FIELDS.length;
/** A line's fields are marked in one 32-bit number. */
export const SLOTS_MAX = 31;

/** The place of each field in `EVENT_FIELDS`. */
export const SLOT = Object.fromEntries(EVENT_FIELDS.map((field, slot) => [field, slot])) as Record<EventField, number>;

/** By slot: the text column of the field, −1 for a number. */
export const COLUMN_OF_SLOT = Int8Array.from(EVENT_FIELDS, (field) =>
  TEXT_COLUMN_NAMES.findIndex((name) => TEXT_COLUMNS[name] === field),
);

/** One bit for each of the fields. */
export function bitsOf(...fields: readonly EventField[]): number {
  return fields.reduce((bits, field) => bits | (1 << SLOT[field]), 0);
}
