import { assert } from "../../base/assert.js";
import { isFeaturesBody, type Prediction, predictBodySchema, predictionSchema } from "../api.js";
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
  // What needs no waiting is answered at once: a promise more for each request is a few percent of it.
  app.post("/predict", OPTIONS, ({ body: { user_id, features } }): Prediction | Promise<Prediction> => {
    assert(user_id !== undefined || features !== undefined, "the schema lets neither pass");
    const counted = (prediction: Prediction): Prediction => {
      metrics.countPredictions(1);
      return prediction;
    };
    return user_id === undefined
      ? counted(predictFeatures(serving, features ?? {}))
      : predictUser(serving, user_id).then(counted);
  });
};
