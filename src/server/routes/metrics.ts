import type { Route } from "../route.js";

/** `GET /metrics`: the figures that Prometheus gathers. */
export const metricsRoute: Route = (app, _serving, { metrics, settings: { metricsRole } }) => {
  const config =
    metricsRole === "loopback" ? ({ role: "reader", isOpenOnLoopback: true } as const) : { role: metricsRole };
  app.get("/metrics", { config }, async (_request, reply) =>
    reply.type(metrics.registry.contentType).send(await metrics.registry.metrics()),
  );
};
