import fc from "fast-check";
import { expect, it } from "vitest";
import { testApp } from "../fixture.js";

const app = testApp();
const url = fc.constantFrom("/predict", "/batch_predict");
const body = fc.oneof(
  fc.json(),
  fc.string({ unit: "binary" }),
  fc
    .record(
      {
        user_id: fc.oneof(fc.string(), fc.double(), fc.integer(), fc.jsonValue()),
        features: fc.oneof(
          fc.dictionary(fc.oneof(fc.string(), fc.constant("is_paid")), fc.oneof(fc.double(), fc.constant(null))),
          fc.jsonValue(),
        ),
      },
      { requiredKeys: [] },
    )
    .map((value) => JSON.stringify(value)),
  fc.array(fc.oneof(fc.integer(), fc.string(), fc.jsonValue())).map((value) => JSON.stringify(value)),
);

it("no body breaks the service", async () => {
  await fc.assert(
    fc.asyncProperty(url, body, async (path, payload) => {
      const headers = { "content-type": "application/json" };
      const { statusCode } = await app.inject({ method: "POST", url: path, payload, headers });
      expect([200, 400, 404]).toContain(statusCode);
    }),
    { numRuns: 400 },
  );
});

it("no address breaks the service", async () => {
  await fc.assert(
    fc.asyncProperty(fc.webPath(), fc.webQueryParameters(), async (path, query) => {
      const { statusCode } = await app.inject(`${path.startsWith("/") ? path : `/${path}`}?${query}`);
      expect(statusCode).toBeLessThan(500);
    }),
    { numRuns: 200 },
  );
});
