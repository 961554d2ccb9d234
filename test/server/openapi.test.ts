import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { routesOf, testApp } from "./fixture.js";
import { type OpenDoors, openDoors } from "./open-doors.js";

interface Operation {
  readonly summary: string;
  readonly "x-role": string;
  readonly operationId: string;
  readonly parameters?: readonly { readonly in: string; readonly required: boolean }[];
  readonly requestBody?: { readonly content: Record<string, { readonly example?: unknown }> };
  readonly responses: Record<string, { readonly description: string }>;
}

let doors: OpenDoors;
let app: ReturnType<typeof testApp>;
let paths: Record<string, Record<string, Operation>>;

beforeAll(async () => {
  doors = await openDoors();
  app = testApp({ guard: { access: doors.access, keyless: null } });
  const document = (await app.inject("/openapi.json")).json();
  expect(document.openapi).toBe("3.1.0");
  paths = document.paths;
});
afterAll(() => doors.db.close());

/** `POST /predict` → the operation. */
function operations(): Map<string, Operation> {
  return new Map(
    Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, one]) => [`${method.toUpperCase()} ${path}`, one] as const),
    ),
  );
}

describe("/openapi.json", () => {
  it("holds every route there is, with its role, and nothing else", () => {
    const routes = routesOf(app).filter(({ method }) => method !== "HEAD");
    const named = routes.map(({ method, url, role }) => `${method} ${url.replace(/:(\w+)/g, "{$1}")} ${role}`);
    const documented = [...operations()].map(([name, operation]) => `${name} ${operation["x-role"]}`);
    expect(documented.sort()).toEqual(named.sort());
    const ids = [...operations().values()].map(({ operationId }) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it("says of every route what it is for and what it answers with", () => {
    for (const [name, { summary, responses }] of operations()) {
      expect([name, summary.length > 5 && summary.length < 100]).toEqual([name, true]);
      const good = Object.keys(responses).filter((status) => status < "400");
      expect([name, good.length]).toEqual([name, 1]);
      for (const { description } of Object.values(responses)) expect(description).not.toBe("");
    }
  });

  it("has an example of every body that a route wants, and it works", async () => {
    for (const [name, { requestBody, responses, parameters = [] }] of operations()) {
      if (requestBody === undefined || name === "POST /login") continue;
      // What names something that may not be there cannot work everywhere.
      if (parameters.some((one) => one.in === "path")) continue;
      const [method = "", url = ""] = name.split(" ");
      for (const [type, { example }] of Object.entries(requestBody.content)) {
        expect([name, type, example]).not.toContain(undefined);
        const answer = await app.inject({
          method: method as "POST",
          url,
          payload: type === "application/json" ? JSON.stringify(example) : String(example),
          headers: { "content-type": type, authorization: `Bearer ${doors.keys.admin.key}` },
        });
        expect([name, type, answer.statusCode < 300 ? "" : answer.body]).toEqual([name, type, ""]);
        expect(Object.keys(responses)).toContain(String(answer.statusCode));
      }
    }
  });
});

describe("/docs", () => {
  it("is a page that runs only our own scripts, and loads nothing from elsewhere", async () => {
    const page = await app.inject("/docs");
    expect(page.headers["content-security-policy"]).toContain("script-src 'self';");
    expect(page.headers["content-security-policy"]).not.toContain("http");
    expect(page.body).not.toMatch(/https?:/);
    const files = [...page.body.matchAll(/(?:src|href)="(docs\/[^"]+)"/g)].map(([, file]) => file ?? "");
    expect(files).toHaveLength(3);
    for (const file of files) {
      const answer = await app.inject(`/${file}`);
      expect([file, answer.statusCode]).toEqual([file, 200]);
      expect(answer.body.length).toBeGreaterThan(50);
    }
    expect((await app.inject("/docs/..%2f..%2fpackage.json")).statusCode).toBe(400);
  });
});
