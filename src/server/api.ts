import { z } from "zod";
import { parseIsoTime, UNSTORABLE_TEXT, USER_ID_CHARS_MAX } from "../schema/event-limits.js";

/** The most users one batch may ask for. */
export const BATCH_USERS_MAX = 10_000;

const FEATURE_CHARS_MAX = 200;
/** A name that a database can hold, as it stands in addresses and bodies. */
export const nameSchema = (charsMax: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(charsMax)
    .refine((text) => !UNSTORABLE_TEXT.test(text), "holds a NUL or half of a surrogate pair");

/** A user id as asked for: `123` and `"123"` are the same user. */
export const userIdSchema = z
  .union([nameSchema(USER_ID_CHARS_MAX), z.number().int()], { error: "must be an integer or a non-empty text" })
  .transform(String);

/** Exactly one of the two. */
export const predictBodySchema = z
  .object({
    user_id: userIdSchema.optional(),
    features: z.record(z.string().max(FEATURE_CHARS_MAX), z.number().nullable()).optional(),
  })
  .superRefine(({ user_id, features }, context) => {
    if ((user_id === undefined) === (features === undefined)) {
      const message = user_id === undefined ? "give user_id or features" : "give user_id or features, not both";
      context.addIssue({ code: "custom", path: ["user_id"], message });
    }
  });

/** Whether a body is `{features}` alone and as `predictBodySchema` wants it. */
export function isFeaturesBody(body: unknown): boolean {
  if (typeof body !== "object" || body === null || Object.keys(body).length !== 1) return false;
  const { features } = body as { features?: unknown };
  if (typeof features !== "object" || features === null || Array.isArray(features)) return false;
  // The body's parser lets no such key pass; the schema leaves it out.
  if (Object.hasOwn(features, "__proto__")) return false;
  // Neither `Object.entries`, which makes a list for each of a hundred features, nor a look-up for each.
  for (const name of Object.keys(features)) if (name.length > FEATURE_CHARS_MAX) return false;
  for (const value of Object.values(features)) if (value !== null && !Number.isFinite(value)) return false;
  return true;
}

export const batchBodySchema = z
  .array(userIdSchema, { error: "must be a list of user ids" })
  .max(BATCH_USERS_MAX, { error: `must hold at most ${BATCH_USERS_MAX} user ids` });

/** The most events one request may bring. */
export const EVENTS_MAX = 10_000;

/** Events are checked one by one: one bad event does not refuse the others. */
export const eventsBodySchema = z
  .array(z.unknown(), { error: "must be a list of events" })
  .max(EVENTS_MAX, { error: `must hold at most ${EVENTS_MAX} events` });

export const takenSchema = z.object({
  message: z.string(),
  accepted: z.number().int(),
  duplicates: z.number().int(),
  rejected: z.array(
    z.object({ index: z.number().int(), line: z.number().int().optional(), code: z.string(), message: z.string() }),
  ),
  /** Of lines: how many, how many were not taken, for which reasons; `rejected` then holds the first of these. */
  lines: z.number().int().optional(),
  rejected_lines: z.number().int().optional(),
  reasons: z.record(z.string(), z.number().int()).optional(),
});

export const userParamsSchema = z.object({ id: nameSchema(USER_ID_CHARS_MAX) });

/** A moment as ISO 8601, in ms. */
export const instantSchema = z.string().transform((text, context) => {
  const ms = parseIsoTime(text);
  if (Number.isFinite(ms)) return ms;
  context.addIssue({ code: "custom", message: "must be a moment as ISO 8601, for example 2018-12-01T00:00:00Z" });
  return z.NEVER;
});

export const asOfQuerySchema = z.object({ as_of: instantSchema.optional() });

export const reasonSchema = z.object({
  feature: z.string(),
  value: z.number().nullable(),
  effect: z.number(),
  text: z.string(),
  actionable: z.boolean().optional(),
});

export const predictionSchema = z.object({
  user_id: z.string().nullable(),
  churn_probability: z.number(),
  churn_prediction: z.boolean(),
  risk_level: z.enum(["low", "medium", "high"]),
  at_risk: z.boolean(),
  expected_days_left: z.number().optional(),
  model_version: z.string(),
  as_of: z.string().nullable(),
  fresh_through: z.string().nullable(),
  reasons: z.array(reasonSchema),
});

export type Prediction = z.infer<typeof predictionSchema>;

export const batchItemSchema = z.union([
  predictionSchema,
  z.object({ user_id: z.string(), error: z.object({ code: z.string(), message: z.string() }) }),
]);

export type BatchItem = z.infer<typeof batchItemSchema>;
