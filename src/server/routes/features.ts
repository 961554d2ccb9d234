import { z } from "zod";
import { listFeatures } from "../../pipeline/features.js";
import type { Route } from "../route.js";

export const featureListSchema = z.object({
  features: z.array(
    z.object({
      name: z.string(),
      family: z.string(),
      unit: z.string(),
      known_at: z.string(),
      actionable: z.boolean(),
      description: z.string(),
    }),
  ),
});

const CONFIG = {
  role: "reader",
  doc: {
    summary: "What every feature means",
    answers: { 200: { about: "The catalogue, in the order of its values." } },
  },
} as const;

/** `GET /features`: what every feature means. */
export const featuresRoute: Route = (app) => {
  app.get("/features", { config: CONFIG, schema: { response: { 200: featureListSchema } } }, () => ({
    features: listFeatures().features.map(({ knownAt, ...feature }) => ({ ...feature, known_at: knownAt })),
  }));
};
