import { z } from "zod";
import { loadedModel } from "../predictions.js";
import { NotReadyError } from "../problem.js";
import { readiness } from "../readiness.js";
import type { Route } from "../route.js";

const LIVE = {
  role: "none",
  doc: {
    summary: "Whether the process answers",
    answers: { 200: { about: "It does.", schema: z.object({ status: z.literal("live") }) } },
  },
} as const;
const READY = {
  role: "none",
  doc: {
    summary: "Whether everything is there that serving needs: the store and a model",
    answers: {
      200: { about: "It is.", schema: z.object({ status: z.literal("ready"), model_version: z.string() }) },
    },
    problems: ["NOT_READY"],
  },
} as const;

/** `GET /health/live`: the process answers. `GET /health/ready`: the store answers and
 * a model is loaded; 503 says what is missing. */
export const healthRoutes: Route = (app, serving, shell) => {
  const missingNow = readiness(serving, shell);
  app.get("/health/live", { config: LIVE }, () => ({ status: "live" }));
  app.get("/health/ready", { config: READY }, async () => {
    const missing = await missingNow();
    if (missing.length > 0) throw new NotReadyError(missing);
    return { status: "ready", model_version: loadedModel(serving).version };
  });
};
