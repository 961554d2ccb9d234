import { describe, expect, it } from "vitest";
import { ROLES, type Role } from "../../src/schema/roles.js";
import type { Guard } from "../../src/server/guard.js";
import { testApp } from "./fixture.js";

/** The keys are the names of the roles. */
const guard: Guard = {
  roleOf: async (key) => ROLES.find((role) => role === key) ?? null,
  keyless: null,
};
const app = testApp({ guard });

/** Every route, and the least role that may use it. */
const TABLE: readonly (readonly [string, string, Role | "none"])[] = [
  ["GET", "/", "reader"],
  ["GET", "/health/live", "none"],
  ["GET", "/health/ready", "none"],
  ["GET", "/model/info", "reader"],
  ["POST", "/predict", "reader"],
  ["POST", "/batch_predict", "reader"],
  ["POST", "/update_user_events", "writer"],
  ["GET", "/users/1", "reader"],
];

async function statusOf(method: string, url: string, authorization?: string): Promise<number> {
  const headers = { ...(authorization === undefined ? {} : { authorization }), "content-type": "application/json" };
  const payload = method === "POST" ? { payload: "[]" } : {};
  return (await app.inject({ method: method as "GET", url, headers, ...payload })).statusCode;
}

describe("who may ask what", () => {
  it.each(TABLE)("%s %s is for a %s", async (method, url, needed) => {
    for (const role of [undefined, "stranger", ...ROLES]) {
      const status = await statusOf(method, url, role === undefined ? undefined : `Bearer ${role}`);
      const has = ROLES.indexOf(role as Role);
      if (needed === "none" || has >= ROLES.indexOf(needed)) expect([401, 403]).not.toContain(status);
      else expect(status).toBe(has === -1 ? 401 : 403);
    }
  });

  it("is asked of every route there is", () => {
    const printed = app.printRoutes({ commonPrefix: false });
    const found = printed.match(/\((?:GET|POST|DELETE|PUT|PATCH)[^)]*\)/g) ?? [];
    expect(found).toHaveLength(TABLE.length);
  });

  it.each(["", "Basic admin", "admin", "Bearer", "Bearer  ", "Bearer admin extra", "bearer admin"])(
    "reads a key only from authorization: Bearer KEY, not from %j",
    async (authorization) => {
      const expected = authorization === "bearer admin" ? 200 : 401;
      expect(await statusOf("GET", "/model/info", authorization)).toBe(expected);
    },
  );

  it("says what is missing as problem JSON, and nothing about the route's body before that", async () => {
    const answer = await app.inject({ method: "POST", url: "/predict", payload: { user_id: {} } });
    expect(answer.statusCode).toBe(401);
    expect(answer.json()).toMatchObject({ code: "KEY_MISSING", status: 401 });
    expect((await app.inject({ url: "/nowhere" })).statusCode).toBe(404);
  });

  it("lets those in without a key whom it is opened to, and no further", async () => {
    const open = testApp({ guard: { roleOf: async () => null, keyless: "reader" } });
    expect((await open.inject("/model/info")).statusCode).toBe(200);
    const events = { method: "POST", url: "/update_user_events", payload: [] } as const;
    expect((await open.inject(events)).statusCode).toBe(401);
  });
});
