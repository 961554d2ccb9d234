import {
  INSTANT_MS_MAX,
  NUMERIC_TEXT,
  parseIsoTime,
  UNSTORABLE_TEXT,
  USER_ID_CHARS_MAX,
} from "../../schema/event-limits.js";

/** A number, or a text that is one; NaN otherwise. */
export function numberOf(value: unknown): number {
  if (typeof value === "number") return value;
  return typeof value === "string" && NUMERIC_TEXT.test(value) ? Number(value) : Number.NaN;
}

/** A whole number in 0 … max; −1 otherwise. Adding 0 turns −0 into 0. */
export function wholeNumberOf(value: unknown, max: number): number {
  const number = numberOf(value);
  return Number.isSafeInteger(number) && number >= 0 && number <= max ? number + 0 : -1;
}

/** Milliseconds, rounded, from a number, a numeric or an ISO 8601 text; NaN otherwise. */
export function instantOf(value: unknown): number {
  const ms = numberOf(value);
  if (ms >= -INSTANT_MS_MAX && ms <= INSTANT_MS_MAX) return Math.round(ms) + 0;
  if (typeof value !== "string") return Number.NaN;
  const parsed = parseIsoTime(value);
  return Math.abs(parsed) <= INSTANT_MS_MAX ? parsed : Number.NaN;
}

/** The user id as text, `""` for nobody; `null` when it cannot be one. */
export function userIdOf(value: unknown): string | null {
  if (typeof value === "string") {
    return value.length > USER_ID_CHARS_MAX || UNSTORABLE_TEXT.test(value) ? null : value.trim();
  }
  if (value === undefined || value === null) return "";
  return Number.isSafeInteger(value) ? String(value) : null;
}
