import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { includes, ROLES, type Role } from "../../src/schema/roles.js";
import { routesOf, testApp } from "./fixture.js";
import { type OpenDoors, openDoors } from "./open-doors.js";

let doors: OpenDoors;
let app: ReturnType<typeof testApp>;

beforeAll(async () => {
  doors = await openDoors();
  app = testApp({ guard: { access: doors.access, keyless: null }, settings: { refusalsPerMinute: 100_000 } });
  await app.ready();
});
afterAll(async () => {
  await app.close();
  await doors.db.close();
});

const STRANGER = `rfr_${"0".repeat(12)}_${"0".repeat(32)}`;

async function ask(method: string, url: string, authorization?: string) {
  // From elsewhere: this machine itself may do more.
  const headers = {
    host: "refrain.example",
    ...(authorization === undefined ? {} : { authorization }),
    "content-type": "application/json",
  };
  const payload = ["GET", "HEAD"].includes(method) ? {} : { payload: "[]" };
  return app.inject({ method: method as "GET", url, headers, ...payload });
}

/** 401, 403, or null where the guard lets in. */
function refusal({ statusCode }: { statusCode: number }): number | null {
  return statusCode === 401 || statusCode === 403 ? statusCode : null;
}

describe("who may ask what", () => {
  it("is the same for every route there is: a key of the route's role or a higher one", async () => {
    const routes = routesOf(app).filter(({ role }) => role !== "none");
    expect(routes.length).toBeGreaterThan(8);
    for (const { method, url, role } of routes) {
      const needed = role as Role;
      const path = url.replace(/:\w+/g, "1");
      const answers = new Map<string, number | null>();
      answers.set("no key", refusal(await ask(method, path)));
      answers.set("stranger", refusal(await ask(method, path, `Bearer ${STRANGER}`)));
      for (const has of ROLES) answers.set(has, refusal(await ask(method, path, `Bearer ${doors.keys[has].key}`)));
      const expected = [
        ["no key", 401],
        ["stranger", 401],
        ...ROLES.map((has) => [has, includes(has, needed) ? null : 403] as const),
      ];
      expect([`${method} ${url}`, ...answers]).toEqual([`${method} ${url}`, ...expected]);
    }
  });

  it("is open to all only where the contract says so", () => {
    const open = routesOf(app).filter(({ role, method }) => role === "none" && method !== "HEAD");
    expect(open.map(({ method, url }) => `${method} ${url}`).sort()).toEqual([
      "GET /docs",
      "GET /docs/:file",
      "GET /health/live",
      "GET /health/ready",
      "GET /login",
      "GET /openapi.json",
      "GET /session",
      "POST /login",
      "POST /logout",
    ]);
  });

  it.each(["", "Basic admin", "KEY", "Bearer", "Bearer  ", "Bearer KEY extra", "bearer KEY"])(
    "reads a key only from authorization: Bearer KEY, not from %j",
    async (pattern) => {
      const authorization = pattern.replace("KEY", doors.keys.admin.key);
      const expected = pattern === "bearer KEY" ? 200 : 401;
      expect((await ask("GET", "/model/info", authorization)).statusCode).toBe(expected);
    },
  );

  it("says what is missing as problem JSON, and nothing about the route's body before that", async () => {
    const answer = await app.inject({ method: "POST", url: "/predict", payload: { user_id: {} } });
    expect(answer.statusCode).toBe(401);
    expect(answer.json()).toMatchObject({ code: "KEY_MISSING", status: 401 });
    expect((await app.inject({ url: "/nowhere" })).statusCode).toBe(404);
  });

  it("lets those in without a key whom it is opened to, and no further", async () => {
    const open = testApp({ guard: { access: null, keyless: "reader" } });
    expect((await open.inject("/model/info")).statusCode).toBe(200);
    const events = { method: "POST", url: "/update_user_events", payload: [] } as const;
    expect((await open.inject(events)).statusCode).toBe(401);
  });

  it("forgets a revoked key at once, and an expired one within a second", async () => {
    const [gone, old] = [
      await doors.access.createKey("reader", null),
      await doors.access.createKey("reader", doors.clock.ms + 500),
    ];
    const status = async ({ key }: { key: string }) => (await ask("GET", "/model/info", `Bearer ${key}`)).statusCode;
    expect([await status(gone), await status(old)]).toEqual([200, 200]);
    await doors.access.revokeKey(gone.id);
    doors.clock.ms += 1001;
    expect([await status(gone), await status(old)]).toEqual([401, 401]);
  });
});
