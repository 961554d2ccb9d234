declare const instant: unique symbol;

/** Milliseconds since 1970-01-01T00:00:00Z. A `Date` never travels through Refrain. */
export type Instant = number & { readonly [instant]: true };

export const MS_PER_SECOND = 1_000;
export const MS_PER_MINUTE = 60_000;
export const MS_PER_HOUR = 3_600_000;
export const MS_PER_DAY = 86_400_000;

export function asInstant(ms: number): Instant {
  return ms as Instant;
}

/** Whole UTC days since 1970-01-01. */
export function utcDay(ms: number): number {
  return Math.floor(ms / MS_PER_DAY);
}

export function addDays(at: Instant, days: number): Instant {
  return (at + days * MS_PER_DAY) as Instant;
}

/** ISO 8601 in UTC, for people and files. */
export function isoOf(at: number): string {
  return new Date(at).toISOString();
}

const ISO = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2}))?$/;

/** Parses a date (midnight UTC), an ISO 8601 time with its zone, or a number of milliseconds; `null` for anything else. */
export function parseInstant(text: string): Instant | null {
  const ms = /^-?\d{1,16}$/.test(text) ? Number(text) : ISO.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isFinite(ms) ? (ms as Instant) : null;
}
