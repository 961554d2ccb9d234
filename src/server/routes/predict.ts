import { assert } from "../../base/assert.js";
import { isFeaturesBody, predictBodySchema, predictionSchema } from "../api.js";
import { asTyped, plainFirst } from "../plain-json.js";
import { predictFeatures, predictUser } from "../predictions.js";
import type { Route } from "../route.js";

const OPTIONS = {
  config: {
    role: "reader",
    doc: {
      summary: "The score of a user, or of features, with reasons",
      example: { user_id: 100056 },
      answers: { 200: { about: "The score." } },
      problems: ["USER_UNKNOWN", "NO_MODEL"],
    },
  },
  schema: { body: predictBodySchema, response: { 200: predictionSchema } },
  validatorCompiler: plainFirst(isFeaturesBody),
  serializerCompiler: asTyped,
} as const;

/** `POST /predict`: one user, or one set of features. */
export const predictRoute: Route = (app, serving, { metrics }) => {
  app.post("/predict", OPTIONS, async (request) => {
    const { user_id, features } = request.body;
    assert(user_id !== undefined || features !== undefined, "the schema lets neither pass");
    const prediction =
      user_id === undefined ? predictFeatures(serving, features ?? {}) : await predictUser(serving, user_id);
    metrics.countPredictions(1);
    return prediction;
  });
};
