import { z } from "zod";
import {
  INSTANT_MS_MAX,
  ITEM_MAX,
  LENGTH_SECONDS_MAX,
  NUMERIC_TEXT,
  PAGE_CHARS_MAX,
  parseIsoTime,
  STATUS_MAX,
  TEXT_CHARS_MAX,
  UNSTORABLE_TEXT,
  USER_ID_CHARS_MAX,
} from "./event-limits.js";
import { AUTHS, LEVELS } from "./pages.js";

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
const isoTime = z.string().transform(parseIsoTime);
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

export type Event = z.output<typeof eventSchema>;
export { EVENT_FIELDS, type EventField } from "./event-limits.js";
