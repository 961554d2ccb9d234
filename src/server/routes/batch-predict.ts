import { z } from "zod";
import { batchBodySchema, batchItemSchema } from "../api.js";
import { asTyped } from "../plain-json.js";
import { predictBatch } from "../predictions.js";
import type { Route } from "../route.js";

/** 10,000 ids of the longest kind fit. */
const BODY_BYTES_MAX = 8 * 1024 * 1024;

/** `POST /batch_predict`: one item per id, in order. */
export const batchPredictRoute: Route = (app, serving, { metrics }) => {
  app.post(
    "/batch_predict",
    {
      config: {
        role: "reader",
        doc: {
          summary: "A score for each of up to 10,000 users, in their order",
          example: [100056, "9"],
          answers: { 200: { about: "An item for each id: a prediction, or why there is none." } },
          problems: ["NO_MODEL"],
        },
      },
      bodyLimit: BODY_BYTES_MAX,
      schema: { body: batchBodySchema, response: { 200: z.array(batchItemSchema) } },
      serializerCompiler: asTyped,
    },
    async (request) => {
      const items = await predictBatch(serving, request.body);
      metrics.countPredictions(items.length);
      return items;
    },
  );
};
