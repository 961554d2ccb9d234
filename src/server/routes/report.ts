import type { Route } from "../route.js";

/** `GET /`: the page with the plots. */
export const reportRoute: Route = (app, serving) => {
  app.get("/", { config: { role: "reader" } }, (_request, reply) =>
    reply.type("text/html; charset=utf-8").send(serving.reportHtml()),
  );
};
