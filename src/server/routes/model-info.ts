import { loadedModel } from "../predictions.js";
import type { Route } from "../route.js";

/** `GET /model/info`: what is in use, how well it did, and whether its audits passed. */
export const modelInfoRoute: Route = (app, serving) => {
  app.get("/model/info", { config: { role: "reader" } }, () => {
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
