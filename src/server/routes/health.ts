import { loadedModel } from "../predictions.js";
import type { Route } from "../route.js";

const OPEN = { config: { role: "none" } } as const;

/** `GET /health/live`: the process answers. `GET /health/ready`: it can score; 503 until a model is loaded. */
export const healthRoutes: Route = (app, serving) => {
  app.get("/health/live", OPEN, () => ({ status: "live" }));
  app.get("/health/ready", OPEN, () => ({ status: "ready", model_version: loadedModel(serving).version }));
};
