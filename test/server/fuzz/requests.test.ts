import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type RealApp, realApp } from "./real-app.js";
import { type ApiDocument, complaint, requestsOf } from "./requests.js";

const REQUESTS = 500;
let real: RealApp;
beforeAll(async () => {
  real = await realApp();
});
afterAll(() => real.close());

it(`${REQUESTS} requests made from /openapi.json are answered as it says, with no 5xx but 503`, async () => {
  const { app } = real;
  const document = (await app.inject("/openapi.json")).json() as ApiDocument;
  const roles = ["reader", "writer", "admin", "admin"] as const;
  const keys = await Promise.all(roles.map((role) => real.makeKey(role)));
  const counts = new Map<number, number>();
  await fc.assert(
    fc.asyncProperty(requestsOf(document, keys), async (request) => {
      const { method, url, headers, body } = request;
      const payload = body === null ? {} : { payload: body };
      const answer = await app.inject({ method: method as "POST", url, headers, ...payload });
      counts.set(answer.statusCode, (counts.get(answer.statusCode) ?? 0) + 1);
      const got = { status: answer.statusCode, headers: answer.headers, body: answer.body };
      expect(complaint(request, got)).toBeNull();
    }),
    { numRuns: REQUESTS },
  );
  // It reaches what is behind the checks, not only the checks.
  expect(counts.get(200) ?? 0).toBeGreaterThan(REQUESTS / 10);
  expect(counts.get(400) ?? 0).toBeGreaterThan(REQUESTS / 20);
  expect(({} as Record<string, unknown>).role).toBeUndefined();
});
