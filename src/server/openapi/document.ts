import { z } from "zod";
import type { KnownRoute } from "../route-list.js";
import { problemExample, problemsOf } from "./problem-answers.js";
import type { AnswerDoc } from "./route-doc.js";

export type Json = Readonly<Record<string, unknown>>;

const PROBLEM = { $ref: "#/components/schemas/Problem" };

const problemSchema = z.object({
  type: z.string().describe("urn:refrain:error: and the code"),
  title: z.string(),
  status: z.number().int(),
  detail: z.string(),
  code: z.string().describe("stable: docs/errors.md and docs/http.md list them"),
  hint: z.string().describe("what to do"),
  errors: z.array(z.object({ field: z.string(), message: z.string() })).optional(),
});

const ABOUT = `Scores, features and events of Refrain. Routes ask for a key (authorization: Bearer KEY) of at least
their role: a writer may do what a reader may, an admin everything. Every answer has x-request-id, every error is
problem JSON (RFC 9457), 429 and 503 have retry-after.`.replaceAll("\n", " ");

/** The OpenAPI 3.1 document of all routes, made from the schemas that check them. */
export function openApiDocument(routes: readonly KnownRoute[], version: string): Json {
  const paths: Record<string, Record<string, Json>> = {};
  for (const route of routes) {
    // HEAD is what GET is, without its body.
    if (route.method === "HEAD") continue;
    const path = route.url.replace(/:(\w+)/g, "{$1}");
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(route) };
  }
  return {
    openapi: "3.1.0",
    info: { title: "Refrain", version, description: ABOUT, license: { name: "MIT", identifier: "MIT" } },
    paths,
    components: {
      schemas: { Problem: jsonSchema(problemSchema, "output") },
      securitySchemes: {
        key: { type: "http", scheme: "bearer", description: "refrain keys create makes one" },
        login: { type: "apiKey", in: "cookie", name: "refrain_session", description: "POST /login gives it" },
      },
    },
  };
}

function operation(route: KnownRoute): Json {
  const { method, url, role, schema, config } = route;
  const { doc } = config;
  const parameters = [...parametersOf(schema.params, "path"), ...parametersOf(schema.querystring, "query")];
  return {
    operationId: `${method.toLowerCase()}${url.replace(/[^\w]+(\w)?/g, (_, letter: string = "") => `_${letter}`)}`,
    summary: doc?.summary ?? "",
    description: whoMay(route),
    "x-role": role,
    security: role === "none" ? [] : [{ key: [] }, { login: [] }],
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(schema.body === undefined ? {} : { requestBody: requestBody(route) }),
    responses: { ...answers(route), ...problems(route) },
  };
}

function whoMay({ role, config }: KnownRoute): string {
  if (role === "none") return "Asks for no key.";
  const other = config.isOpenOnLoopback === true ? " Asks this machine itself for no key." : "";
  return `Asks for the key of ${role === "admin" ? "an" : "a"} ${role}.${other}`;
}

function requestBody({ schema, config: { doc } }: KnownRoute): Json {
  const example = doc?.example === undefined ? {} : { example: doc.example };
  const others = Object.entries(doc?.otherBodies ?? {}).map(([type, text]) => [
    type,
    { schema: { type: "string" }, example: text },
  ]);
  const body = jsonSchema(doc?.body ?? (schema.body as z.ZodType), "input");
  return {
    required: true,
    content: { "application/json": { schema: body, ...example }, ...Object.fromEntries(others) },
  };
}

function answers({ schema, config: { doc } }: KnownRoute): Json {
  const byStatus = new Map<string, AnswerDoc>();
  for (const [status, one] of Object.entries((schema.response ?? {}) as Record<string, z.ZodType>)) {
    byStatus.set(status, { about: "Done.", schema: one });
  }
  for (const [status, answer] of Object.entries(doc?.answers ?? {})) {
    byStatus.set(status, { ...byStatus.get(status), ...answer });
  }
  return Object.fromEntries([...byStatus].map(([status, answer]) => [status, described(answer)]));
}

function described({ about, schema, type = "application/json" }: AnswerDoc): Json {
  if (type === null) return { description: about };
  const body = schema === undefined ? { schema: { type: "string" } } : { schema: jsonSchema(schema, "output") };
  return { description: about, content: { [type]: body } };
}

/** A status that the route also answers with a body of its own has both kinds. */
function problems(route: KnownRoute): Json {
  const own = answers(route) as Record<string, { description: string; content?: Json }>;
  return Object.fromEntries(
    [...problemsOf(route)].map(([status, codes]) => {
      const headers = status === 429 || status === 503 ? { headers: RETRY_AFTER } : {};
      const content = {
        ...own[status]?.content,
        "application/problem+json": { schema: PROBLEM, example: problemExample(codes[0] ?? "INTERNAL") },
      };
      const description = [own[status]?.description, codes.join(", ")].filter(Boolean).join(" Or: ");
      return [String(status), { description, ...headers, content }];
    }),
  );
}

const RETRY_AFTER = { "retry-after": { description: "seconds", schema: { type: "integer", minimum: 0 } } };

function parametersOf(schema: unknown, where: "path" | "query"): Json[] {
  if (schema === undefined) return [];
  const { properties = {}, required = [] } = jsonSchema(schema as z.ZodType, "input") as {
    properties?: Record<string, Json>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, one]) => ({
    name,
    in: where,
    required: where === "path" || required.includes(name),
    schema: one,
  }));
}

function jsonSchema(schema: z.ZodType, io: "input" | "output"): Json {
  const { $schema, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: "any", target: "draft-2020-12" });
  return rest;
}
