import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { openApiDocument } from "../openapi/document.js";
import type { Route } from "../route.js";
import { SCRIPTED_POLICY } from "../security-headers.js";
import { VERSION } from "../version.js";

/** What the page is made of, and what kind each is. The first two are Swagger UI as its package brings them. */
const FILES = {
  "swagger-ui.css": "text/css; charset=utf-8",
  "swagger-ui-bundle.js": "text/javascript; charset=utf-8",
  "start.js": "text/javascript; charset=utf-8",
} as const;
type FileName = keyof typeof FILES;
const DAY_SECONDS = 86_400;

const PAGE = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Refrain: the API</title>
<link rel="stylesheet" href="docs/swagger-ui.css">
<div id="api"></div>
<script src="docs/swagger-ui-bundle.js"></script>
<script src="docs/start.js"></script>
</html>
`;
const START = `SwaggerUIBundle({ url: "openapi.json", dom_id: "#api", deepLinking: true, validatorUrl: null });\n`;

export const fileParamsSchema = z.object({ file: z.enum(Object.keys(FILES) as [FileName, ...FileName[]]) });

const HTML = "text/html; charset=utf-8";

/** `GET /openapi.json`: every route, and `GET /docs`: the same as a page, which loads nothing from anywhere else. */
export const openApiRoutes: Route = (app) => {
  let text: string | null = null;
  const described = {
    role: "none",
    doc: {
      summary: "Every route, as OpenAPI 3.1",
      answers: { 200: { about: "The document.", schema: z.looseObject({ openapi: z.string() }) } },
    },
  } as const;
  app.get("/openapi.json", { config: described }, (_request, reply) => {
    text ??= JSON.stringify(openApiDocument(app.routeList, VERSION));
    return reply.type("application/json").send(text);
  });

  const page = {
    role: "none",
    doc: { summary: "Every route, as a page", answers: { 200: { about: "The page.", type: HTML } } },
  } as const;
  app.get("/docs", { config: page }, (_request, reply) =>
    reply.type(HTML).header("content-security-policy", SCRIPTED_POLICY).send(PAGE),
  );

  const parts = {
    role: "none",
    doc: { summary: "What the page of /docs is made of", answers: { 200: { about: "The file.", type: "text/*" } } },
  } as const;
  app.get("/docs/:file", { config: parts, schema: { params: fileParamsSchema } }, ({ params: { file } }, reply) =>
    reply.type(FILES[file]).header("cache-control", `public, max-age=${DAY_SECONDS}`).send(contentOf(file)),
  );
};

const read = new Map<FileName, Buffer | string>([["start.js", START]]);

function contentOf(file: FileName): Buffer | string {
  const known = read.get(file);
  if (known !== undefined) return known;
  const folder = join(dirname(fileURLToPath(import.meta.resolve("@fastify/swagger-ui"))), "static");
  const content = readFileSync(join(folder, file));
  read.set(file, content);
  return content;
}
