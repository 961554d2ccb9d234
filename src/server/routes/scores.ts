import { z } from "zod";
import { RefrainError } from "../../base/errors.js";
import { BATCH_USERS_MAX, reasonSchema, userIdSchema } from "../api.js";
import type { Route } from "../route.js";
import { opened } from "../serving.js";

export const scoresBodySchema = z.strictObject({
  /** Everybody at risk, where it is absent. */
  users: z.array(userIdSchema).min(1).max(BATCH_USERS_MAX).optional(),
});

/** What `refrain predict --json` prints. */
export const scoresSchema = z.object({
  modelVersion: z.string(),
  asOf: z.string(),
  label: z.string().optional(),
  baseRate: z.number(),
  simulated: z.boolean(),
  users: z.array(
    z.object({
      user_id: z.string(),
      churn_probability: z.number(),
      churn_prediction: z.boolean(),
      risk_level: z.enum(["low", "medium", "high"]),
      at_risk: z.boolean(),
      expected_days_left: z.number().optional(),
      reasons: z.array(reasonSchema),
    }),
  ),
});

const CONFIG = {
  role: "reader",
  doc: {
    summary: "Users scored as of now: everybody at risk, riskiest first, or those who are named",
    example: {},
    answers: { 200: { about: "The document of refrain predict." } },
    problems: ["NO_MODEL", "USER_UNKNOWN"],
  },
} as const;

/** `POST /scores`: what `refrain predict` does, while a service holds the live store. */
export const scoresRoute: Route = (app, serving) => {
  const schema = { body: scoresBodySchema, response: { 200: scoresSchema } };
  app.post("/scores", { config: CONFIG, schema }, async ({ body: { users } }) => {
    const { scores } = opened(serving);
    const document = await (users === undefined ? scores.all() : scores.of(users));
    if (document === null) throw new RefrainError("NO_MODEL", { home: "the home folder of this service" });
    const { label = "", ...rest } = document;
    const scored = document.users.map((user) => ({ ...user, reasons: user.reasons.map((reason) => ({ ...reason })) }));
    return { ...rest, label, users: scored };
  });
};
