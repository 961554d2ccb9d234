import { z } from "zod";
import { isoOf } from "../../base/time.js";
import { userParamsSchema } from "../api.js";
import { limitSchema } from "../cursor.js";
import type { Route } from "../route.js";
import { opened } from "../serving.js";

export const userPredictionsQuerySchema = z.object({ limit: limitSchema });

export const userPredictionsSchema = z.object({
  items: z.array(
    z.object({
      made_at: z.string(),
      as_of: z.string(),
      model_version: z.string(),
      churn_probability: z.number(),
      churn_prediction: z.boolean(),
      risk_level: z.enum(["low", "medium", "high"]),
      at_risk: z.boolean(),
      expected_days_left: z.number().optional(),
      reasons: z.array(z.object({ feature: z.string(), value: z.number().nullable(), effect: z.number() })),
    }),
  ),
});

const CONFIG = {
  role: "reader",
  doc: {
    summary: "The last predictions of a user that were answered by user_id, newest first",
    answers: { 200: { about: "None for a user who was never asked for." } },
  },
} as const;

/** `GET /users/:id/predictions`: what was answered of a user, when, and by which model. There within a second of the answer. */
export const userPredictionsRoute: Route = (app, serving) => {
  const schema = {
    params: userParamsSchema,
    querystring: userPredictionsQuerySchema,
    response: { 200: userPredictionsSchema },
  };
  app.get("/users/:id/predictions", { config: CONFIG, schema }, async ({ params: { id }, query: { limit } }) => {
    const items = await opened(serving).predictions(id, limit);
    return {
      items: items.map((one) => ({
        made_at: isoOf(one.madeAtMs),
        as_of: isoOf(one.asOfMs),
        model_version: one.modelVersion,
        churn_probability: one.probability,
        churn_prediction: one.isChurn,
        risk_level: one.riskLevel,
        at_risk: one.atRisk,
        ...(one.expectedDaysLeft === null ? {} : { expected_days_left: one.expectedDaysLeft }),
        reasons: one.reasons.map((reason) => ({ ...reason })),
      })),
    };
  });
};
