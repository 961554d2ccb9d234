import { loadedModel } from "../predictions.js";
import { NotReadyError } from "../problem.js";
import { readiness } from "../readiness.js";
import type { Route } from "../route.js";

const OPEN = { config: { role: "none" } } as const;

/** `GET /health/live`: the process answers. `GET /health/ready`: the store answers and
 * a model is loaded; 503 says what is missing. */
export const healthRoutes: Route = (app, serving, shell) => {
  const missingNow = readiness(serving, shell);
  app.get("/health/live", OPEN, () => ({ status: "live" }));
  app.get("/health/ready", OPEN, async () => {
    const missing = await missingNow();
    if (missing.length > 0) throw new NotReadyError(missing);
    return { status: "ready", model_version: loadedModel(serving).version };
  });
};
