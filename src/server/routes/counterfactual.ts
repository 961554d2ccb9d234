import { z } from "zod";
import { RefrainError } from "../../base/errors.js";
import { asOfQuerySchema, userParamsSchema } from "../api.js";
import type { Route } from "../route.js";
import { opened } from "../serving.js";

const counterfactualSchema = z.object({
  user_id: z.string(),
  model_version: z.string().nullable(),
  churn_probability: z.number(),
  threshold: z.number(),
  reached: z.boolean(),
  churn_probability_after: z.number(),
  changes: z.array(z.object({ feature: z.string(), from: z.number().nullable(), to: z.number(), text: z.string() })),
});

const CONFIG = {
  role: "reader",
  doc: {
    summary: "A small change of what acting can change that takes the user below the threshold",
    answers: { 200: { about: "What the model would say, not what would happen.", schema: counterfactualSchema } },
    problems: ["USER_UNKNOWN", "NO_MODEL"],
  },
} as const;

/** `GET /users/:id/counterfactual?as_of=`: by default as of the end of the data. */
export const counterfactualRoute: Route = (app, serving) => {
  const schema = { params: userParamsSchema, querystring: asOfQuerySchema };
  app.get("/users/:id/counterfactual", { config: CONFIG, schema }, async ({ params: { id }, query: { as_of } }) => {
    const found = await opened(serving).counterfactual(id, as_of ?? null);
    if (found === null) throw new RefrainError("USER_UNKNOWN", { user: id });
    return { user_id: id, model_version: serving.model?.version ?? null, ...found };
  });
};
