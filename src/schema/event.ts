import { z } from "zod";
import { AUTHS, LEVELS } from "./pages.js";

/** The user id as Refrain keeps it: text; `""` for a row that names nobody. */
const userId = z
  .union([z.string().max(256), z.number().int()])
  .nullish()
  .transform((id) => (id === null || id === undefined ? "" : String(id).trim()));

const wholeNumber = z.union([
  z.number().int(),
  z
    .string()
    .regex(/^\d{1,15}$/)
    .transform(Number),
]);

const optionalText = z.string().nullish();

/**
 * One event as it arrives: the public Sparkify schema. Unknown fields are dropped (and counted by ingest).
 * Whether `ts` is plausible (seconds, the far future) is the reader's question, since it needs a clock.
 */
export const eventSchema = z.object({
  ts: z.union([z.number().finite(), z.iso.datetime({ offset: true }).transform((text) => Date.parse(text))]),
  userId,
  sessionId: wholeNumber.pipe(z.number().min(0)),
  itemInSession: wholeNumber.pipe(z.number().min(0).max(2_147_483_647)),
  page: z.string().min(1).max(200),
  auth: z.enum(AUTHS).nullish(),
  method: optionalText,
  status: z.number().int().min(0).max(999).nullish(),
  level: z.enum(LEVELS).nullish(),
  location: optionalText,
  userAgent: optionalText,
  firstName: optionalText,
  lastName: optionalText,
  gender: optionalText,
  registration: z.number().finite().nullish(),
  artist: optionalText,
  song: optionalText,
  length: z.number().min(0).max(86_400).nullish(),
});

export type EventInput = z.input<typeof eventSchema>;
export type Event = z.output<typeof eventSchema>;
export type EventField = keyof Event;
export const EVENT_FIELDS = Object.keys(eventSchema.shape) as EventField[];
