import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import type { FastifyInstance } from "fastify";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { servingOf } from "../../src/cli/serving-state.js";
import { LiveService } from "../../src/pipeline/live/service.js";
import { readIndex } from "../../src/registry/local.js";
import type { ReasonDocument } from "../../src/schema/explanation-documents.js";
import { temporaryFolder, testWorld } from "../pipeline/ingest-fixture.js";
import { storedHome } from "../pipeline/stored-home.js";
import { emptyStore } from "../store/live/backends.js";
import { testApp } from "./fixture.js";

const home = join(temporaryFolder(), "home");
let service: LiveService;
let app: FastifyInstance;

beforeAll(async () => {
  storedHome(home, testWorld());
  await emptyStore(home);
  service = await LiveService.open(home, { home }, testWorld());
  await service.scores.rescore();
  app = testApp({ serving: servingOf({ current: service, home }) });
});
afterAll(async () => {
  await app.close();
  await service.close();
});

async function get(url: string) {
  const answer = await app.inject(url);
  return { status: answer.statusCode, body: answer.json() };
}

/** All items of a list, page by page. */
async function pages(url: string, limit: number): Promise<Record<string, unknown>[]> {
  const items: Record<string, unknown>[] = [];
  let cursor: string | null = null;
  do {
    const page: { status: number; body: { items: Record<string, unknown>[]; next_cursor: string | null } } = await get(
      `${url}${url.includes("?") ? "&" : "?"}limit=${limit}${cursor === null ? "" : `&cursor=${cursor}`}`,
    );
    expect(page.status).toBe(200);
    items.push(...page.body.items);
    cursor = page.body.next_cursor;
  } while (cursor !== null);
  return items;
}

describe("GET /users", () => {
  it("lists everybody once, riskiest first, with the scores that /predict gives", async () => {
    const users = await pages("/users", 3);
    const ids = users.map(({ user_id }) => user_id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.length).toBeGreaterThan(5);
    const risks = users.map(({ churn_probability }) => churn_probability as number);
    expect(risks).toEqual([...risks].sort((a, b) => b - a));
    for (const user of [users[0], users.at(-1)]) {
      const { user_id } = user as { user_id: string };
      const { last_seen: _, level: __, state: ___, ...listed } = user as Record<string, unknown>;
      const scored = await app.inject({ method: "POST", url: "/predict", payload: { user_id } });
      expect(scored.json()).toMatchObject(listed);
    }
  });

  it("lists some of them", async () => {
    const all = await pages("/users", 1000);
    const first = String(all[0]?.user_id);
    for (const [query, keep] of [
      ["level=paid", ({ level }) => level === "paid"],
      ["risk_level=high", ({ risk_level }) => risk_level === "high"],
      ["at_risk=false", ({ at_risk }) => at_risk === false],
      ["at_risk=true&level=free", ({ at_risk, level }) => at_risk === true && level === "free"],
      [`prefix=${first.slice(0, 5)}`, ({ user_id }) => String(user_id).startsWith(first.slice(0, 5))],
    ] as [string, (user: Record<string, unknown>) => boolean][]) {
      const some = await pages(`/users?${query}`, 3);
      expect(some).toEqual(all.filter(keep));
    }
  });

  it.each(["cursor=x", "cursor=WzEsMl0", "limit=0", "limit=9999", "level=gold", "risk_level=", "at_risk=1"])(
    "refuses ?%s",
    async (query) => {
      expect((await get(`/users?${query}`)).status).toBe(400);
    },
  );

  it("follows events that come in", async () => {
    const [first] = (await pages("/users", 1000)) as { user_id: string; as_of: string }[];
    const ts = Date.parse(first?.as_of ?? "") + 60_000;
    await service.add([{ ts, userId: first?.user_id, sessionId: 987_654, itemInSession: 0, page: "Thumbs Up" }]);
    expect(await service.scores.refresh(10)).toBe(1);
    expect(await service.scores.refresh(10)).toBe(0);
    const again = (await pages("/users", 1000)).find(({ user_id }) => user_id === first?.user_id);
    expect(again).toMatchObject({ last_seen: new Date(ts).toISOString(), as_of: new Date(ts).toISOString() });
    const [event] = (await get(`/users/${first?.user_id}/timeline?limit=1`)).body.items;
    expect(event).toMatchObject({ page: "Thumbs Up", session_id: 987_654, recovered: false });
  });
});

it("POST /scores is what a batch scores: everybody at risk, or who is named", async () => {
  const scores = (payload: object) => app.inject({ method: "POST", url: "/scores", payload });
  const all = (await scores({})).json();
  const listed = await pages("/users?at_risk=true", 1000);
  expect(all.users.map(({ user_id }: { user_id: string }) => user_id)).toEqual(listed.map(({ user_id }) => user_id));
  const last = all.users.at(-1);
  expect((await scores({ users: [last.user_id] })).json()).toEqual({ ...all, users: [last] });
  expect((await scores({ users: ["nobody"] })).statusCode).toBe(404);
});

it("GET /users/:id/predictions is what was answered, until it is too old", async () => {
  // Of whom no other test asks.
  const [, , user] = (await pages("/users", 5)) as { user_id: string }[];
  const user_id = user?.user_id ?? "";
  const answered = (await app.inject({ method: "POST", url: "/predict", payload: { user_id } })).json();
  const stored = async () => (await get(`/users/${user_id}/predictions?limit=1`)).body.items;
  while ((await stored()).length === 0) await setTimeout(50);
  const { user_id: _, fresh_through: __, reasons, ...rest } = answered;
  expect(await stored()).toMatchObject([rest]);
  const [{ reasons: kept }] = await stored();
  expect(kept).toEqual(reasons.map(({ feature, value, effect }: ReasonDocument) => ({ feature, value, effect })));
  await service.forgetPredictions(1);
  expect(await stored()).toHaveLength(1);
  await service.forgetPredictions(-1);
  expect(await stored()).toEqual([]);
});

describe("GET /users/:id/timeline", () => {
  it("has every event of a user once, newest first", async () => {
    const [user] = await pages("/users", 5);
    const events = await pages(`/users/${user?.user_id}/timeline`, 50);
    const times = events.map(({ ts }) => ts as string);
    expect(times).toEqual([...times].sort().reverse());
    const features = (await get(`/users/${user?.user_id}`)).body.features;
    expect(Math.log1p(events.length)).toBeCloseTo(features.log_events, 12);
  });

  it("of nobody is 404", async () => {
    expect((await get("/users/nobody/timeline")).status).toBe(404);
  });
});

describe("the registry", () => {
  it("is listed, and a version tells how it was trained, without its insides", async () => {
    const { versions, champion } = readIndex(home);
    const { body } = await get("/models");
    expect(body).toMatchObject({ champion, challengers: [], aliases: { champion } });
    const facts = { champion: true, challenger: false, aliases: ["champion"], cause: "manual", ledger_id: null };
    expect(body.items.filter((item: typeof facts) => item.champion)).toMatchObject([facts]);
    expect(body.items.map(({ version }: { version: string }) => version)).toEqual(
      versions.map(({ version }) => version),
    );
    const report = (await get(`/models/${champion}/report`)).body;
    expect(report).toMatchObject({ version: champion, protocol: "point-in-time", training: { simulated: true } });
    expect(report).not.toHaveProperty("state");
    expect((await get("/models/none/report")).status).toBe(404);
  });

  it("says what stands in the way of a promotion", async () => {
    const guarded = testApp({
      serving: servingOf({ current: service, home }),
      guard: { access: null, keyless: "admin" },
    });
    const post = (url: string) => guarded.inject({ method: "POST", url });
    expect((await post("/models/none/promote")).statusCode).toBe(404);
    expect((await post("/models/rollback")).json()).toMatchObject({ code: "NO_MODEL" });
    const { champion } = readIndex(home);
    expect((await post(`/models/${champion}/promote`)).json()).toEqual({ champion });
  });
});

it("GET /features says what each feature of an answer means; GET /ingests what is in the lake", async () => {
  const [user] = await pages("/users", 5);
  const { features } = (await get("/features")).body;
  const answered = Object.keys((await get(`/users/${user?.user_id}`)).body.features);
  expect(features.map(({ name }: { name: string }) => name)).toEqual(answered);
  const { body } = await get("/ingests");
  expect(body.rows).toBe(body.items.reduce((sum: number, { rows }: { rows: number }) => sum + rows, 0));
  expect(body.items[0]?.source).not.toContain("/");
});

it("GET / is the report as it lies in the home now", async () => {
  const page = async () => (await app.inject("/")).body;
  expect(await page()).toContain("There is no report");
  mkdirSync(join(home, "reports"), { recursive: true });
  for (const text of ["<p>first run</p>", "<p>second run</p>"]) {
    writeFileSync(join(home, "reports", "report.html"), text);
    expect(await page()).toBe(text);
  }
  rmSync(join(home, "reports"), { recursive: true });
  expect(await page()).toContain("There is no report");
});

it("GET / says that the service is starting where it is", async () => {
  const starting = testApp({ serving: servingOf({ current: null, home }) });
  expect((await starting.inject("/")).body).toContain("Refrain is starting");
});
