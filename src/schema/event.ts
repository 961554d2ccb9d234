import { z } from "zod";
import { AUTHS, LEVELS } from "./pages.js";

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

const storable = (charsMax: number) =>
  z
    .string()
    .max(charsMax)
    .refine((text) => !UNSTORABLE_TEXT.test(text), "holds a NUL or half of a surrogate pair");

/** The user id as Refrain keeps it: text; `""` for a row that names nobody. */
const userId = z
  .union([storable(USER_ID_CHARS_MAX), z.number().int()])
  .nullish()
  .transform((id) => (id === null || id === undefined ? "" : String(id).trim()));

const numberish = z.union([z.number(), z.string().regex(NUMERIC_TEXT).transform(Number)]);
const wholeNumber = (max: number) => numberish.pipe(z.number().int().min(0).max(max));
const isoTime = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));
const instant = z
  .union([numberish, isoTime])
  .pipe(z.number().min(-INSTANT_MS_MAX).max(INSTANT_MS_MAX))
  .transform(Math.round);
const optionalText = storable(TEXT_CHARS_MAX).nullish();

/**
 * One event as it arrives: the public Sparkify schema. Unknown fields are dropped (and counted by ingest).
 * Whether `ts` is plausible (seconds, the far future) is the reader's question, since it needs a clock.
 */
export const eventSchema = z.object({
  ts: instant,
  userId,
  sessionId: wholeNumber(Number.MAX_SAFE_INTEGER),
  itemInSession: wholeNumber(ITEM_MAX),
  page: storable(PAGE_CHARS_MAX).min(1),
  auth: z.enum(AUTHS).nullish(),
  method: optionalText,
  status: wholeNumber(STATUS_MAX).nullish(),
  level: z.enum(LEVELS).nullish(),
  location: optionalText,
  userAgent: optionalText,
  firstName: optionalText,
  lastName: optionalText,
  gender: optionalText,
  registration: instant.nullish(),
  artist: optionalText,
  song: optionalText,
  length: numberish.pipe(z.number().min(0).max(LENGTH_SECONDS_MAX)).nullish(),
});

export type EventInput = z.input<typeof eventSchema>;
export type Event = z.output<typeof eventSchema>;
export type EventField = keyof Event;
export const EVENT_FIELDS = Object.keys(eventSchema.shape) as EventField[];
/** Without these a row is no event. */
export const REQUIRED_FIELDS = ["ts", "sessionId", "itemInSession", "page"] as const satisfies readonly EventField[];
