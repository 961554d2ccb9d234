import type { Scorer } from "../pipeline/serving.js";
import type { ServingState } from "../server/serving.js";

/** What the routes serve from: nothing until `fill` is called. */
export function lateServing(): { serving: ServingState; fill: (scorer: Scorer, reportHtml: string) => void } {
  let scorer: Scorer | null = null;
  let html = "<!doctype html><title>Refrain</title><p>The report is being made.</p>";
  const ready = (): Scorer => {
    if (scorer === null) throw new Error("a route scored before a model was loaded");
    return scorer;
  };
  return {
    fill: (loaded, reportHtml) => {
      scorer = loaded;
      html = reportHtml;
    },
    serving: {
      get model() {
        return scorer === null ? null : modelInfo(scorer);
      },
      get asOf() {
        return scorer?.asOf ?? null;
      },
      get freshThrough() {
        return scorer?.freshThrough ?? null;
      },
      scoreUser: async (id) => ready().scoreUser(id),
      live: null,
      scoreFeatures: (features) => ready().scoreFeatures(features),
      reportHtml: () => html,
    },
  };
}

export function modelInfo({ model, uri, registeredAt }: Pick<Scorer, "model" | "uri" | "registeredAt">) {
  return {
    version: model.version,
    uri,
    lastUpdated: registeredAt,
    features: model.features,
    metrics: model.metrics,
    protocol: model.protocol,
    threshold: model.threshold.value,
    audits: model.audits,
    simulated: model.training.simulated,
  };
}
