import { z } from "zod";
import { loadedModel } from "../predictions.js";
import type { Route } from "../route.js";

export const modelInfoSchema = z.object({
  model_version: z.string(),
  model_uri: z.string(),
  last_updated: z.string(),
  features: z.array(z.string()),
  metrics: z.record(z.string(), z.number().nullable()),
  protocol: z.string(),
  threshold: z.number(),
  audits: z.unknown(),
  simulated: z.boolean(),
});

const CONFIG = {
  role: "reader",
  doc: {
    summary: "The model in use: its features, how well it did, whether its audits passed",
    answers: { 200: { about: "What is known of it.", schema: modelInfoSchema } },
    problems: ["NO_MODEL"],
  },
} as const;

/** `GET /model/info`: what is in use, how well it did, and whether its audits passed. */
export const modelInfoRoute: Route = (app, serving) => {
  app.get("/model/info", { config: CONFIG }, () => {
    const { version, uri, lastUpdated, features, metrics, protocol, threshold, audits, simulated } =
      loadedModel(serving);
    return {
      model_version: version,
      model_uri: uri,
      last_updated: lastUpdated,
      features,
      metrics,
      protocol,
      threshold,
      audits,
      simulated,
    };
  });
};
