import type { Route } from "../route.js";

const DOC = {
  summary: "The figures that Prometheus gathers",
  answers: { 200: { about: "Prometheus's text format.", type: "text/plain; version=0.0.4; charset=utf-8" } },
} as const;

/** `GET /metrics`: the figures that Prometheus gathers. */
export const metricsRoute: Route = (app, _serving, { metrics, settings: { metricsRole } }) => {
  const config =
    metricsRole === "loopback"
      ? ({ role: "reader", isOpenOnLoopback: true, doc: DOC } as const)
      : { role: metricsRole, doc: DOC };
  app.get("/metrics", { config }, async (_request, reply) =>
    reply.type(metrics.registry.contentType).send(await metrics.registry.metrics()),
  );
};
