import { assert } from "../../base/assert.js";
import { predictBodySchema, predictionSchema } from "../api.js";
import { predictFeatures, predictUser } from "../predictions.js";
import type { Route } from "../route.js";

const OPTIONS = {
  config: { role: "reader" },
  schema: { body: predictBodySchema, response: { 200: predictionSchema } },
} as const;

/** `POST /predict`: one user, or one set of features. */
export const predictRoute: Route = (app, serving) => {
  app.post("/predict", OPTIONS, async (request) => {
    const { user_id, features } = request.body;
    if (user_id !== undefined) return predictUser(serving, user_id);
    assert(features !== undefined, "the schema lets neither pass");
    return predictFeatures(serving, features);
  });
};
