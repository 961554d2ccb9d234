import type { Route } from "../route.js";

const TYPE = "text/html; charset=utf-8";
const CONFIG = {
  role: "reader",
  doc: { summary: "The report, as a page", answers: { 200: { about: "The page.", type: TYPE } } },
} as const;

/** `GET /`: the page with the plots. */
export const reportRoute: Route = (app, serving) => {
  app.get("/", { config: CONFIG }, (_request, reply) => reply.type(TYPE).send(serving.reportHtml()));
};
