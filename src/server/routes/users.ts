import { z } from "zod";
import { RefrainError } from "../../base/errors.js";
import { isoOf } from "../../base/time.js";
import { asOfQuerySchema, predictionSchema, userParamsSchema } from "../api.js";
import { answerOf } from "../predictions.js";
import type { Route } from "../route.js";
import { opened } from "../serving.js";

const viewSchema = z.object({
  user_id: z.string(),
  level: z.string().nullable(),
  state: z.string().nullable(),
  as_of: z.string(),
  features: z.record(z.string(), z.number().nullable()),
  prediction: predictionSchema.nullable(),
});

const CONFIG = {
  role: "reader",
  doc: {
    summary: "What is known of a user as of a moment, by default the end of the data",
    answers: { 200: { about: "Plan, state, features and score.", schema: viewSchema } },
    problems: ["USER_UNKNOWN"],
  },
} as const;

/** `GET /users/:id?as_of=`: what is known of a user as of a moment, by default the end of the data. */
export const usersRoute: Route = (app, serving) => {
  const schema = { params: userParamsSchema, querystring: asOfQuerySchema };
  app.get("/users/:id", { config: CONFIG, schema }, async ({ params: { id }, query: { as_of } }) => {
    const view = await opened(serving).user(id, as_of ?? null);
    if (view === null) throw new RefrainError("USER_UNKNOWN", { user: id });
    const { level, state, asOf, features, prediction } = view;
    const answer = { user_id: id, level, state, as_of: isoOf(asOf), features };
    if (prediction === null || serving.model === null) return { ...answer, prediction: null };
    return { ...answer, prediction: { ...answerOf(serving, serving.model, prediction, id), as_of: isoOf(asOf) } };
  });
};
