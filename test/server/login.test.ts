import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { testApp } from "./fixture.js";
import { type OpenDoors, openDoors } from "./open-doors.js";

let doors: OpenDoors;
let app: ReturnType<typeof testApp>;
const HOUR_MS = 3_600_000;

beforeAll(async () => {
  doors = await openDoors();
});
beforeEach(() => {
  // Each with a count of refusals of its own.
  app = testApp({ guard: { access: doors.access, keyless: null } });
});
afterAll(() => doors.db.close());

async function login(key: string, headers: Record<string, string> = {}) {
  const answer = await app.inject({ method: "POST", url: "/login", payload: { key }, headers });
  const cookie = String(answer.headers["set-cookie"] ?? "");
  return { answer, cookie, headers: { cookie: cookie.split(";")[0] ?? "" } };
}

const info = (headers: Record<string, string>) => app.inject({ url: "/model/info", headers });
const events = (headers: Record<string, string>) =>
  app.inject({ method: "POST", url: "/update_user_events", payload: [], headers });

describe("a login", () => {
  it("has the role of its key, in a cookie that no script reads and no other site sends", async () => {
    const { answer, cookie, headers } = await login(doors.keys.reader.key);
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toMatchObject({ role: "reader", csrf_token: expect.any(String) });
    expect(Date.parse(answer.json().expires_at) - doors.clock.ms).toBe(12 * HOUR_MS);
    expect(cookie).toMatch(/^refrain_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=43200$/);
    expect((await info(headers)).statusCode).toBe(200);
    expect((await events({ ...headers, "x-csrf-token": answer.json().csrf_token })).statusCode).toBe(403);
    const session = await app.inject({ url: "/session", headers });
    expect(session.json()).toEqual(answer.json());
  });

  it.each([
    { host: "refrain.example" },
    { "x-forwarded-proto": "https" },
    { "x-forwarded-for": "203.0.113.7" },
  ] as Record<string, string>[])("of somebody elsewhere (%j) goes over https only", async (headers) => {
    expect((await login(doors.keys.reader.key, headers)).cookie).toMatch(/; Secure$/);
  });

  it("changes something only with its token, from a page of ours", async () => {
    const { answer, headers } = await login(doors.keys.writer.key);
    const token = { "x-csrf-token": answer.json().csrf_token as string };
    const other = await login(doors.keys.writer.key);
    const status = async (more: Record<string, string>) => (await events({ ...headers, ...more })).statusCode;
    expect(await status(token)).toBe(200);
    expect(await status({})).toBe(403);
    expect(await status({ "x-csrf-token": other.answer.json().csrf_token })).toBe(403);
    expect(await status({ "x-csrf-token": headers.cookie ?? "" })).toBe(403);
    const host = "refrain.example";
    expect(await status({ ...token, host, origin: "https://refrain.example" })).toBe(200);
    expect(await status({ ...token, host, origin: "https://evil.example" })).toBe(403);
    expect(await status({ ...token, host, origin: "null" })).toBe(403);
    expect((await app.inject({ method: "POST", url: "/logout", headers })).statusCode).toBe(403);
  });

  it("is over when it is ended, on every replica", async () => {
    const { answer, headers } = await login(doors.keys.writer.key);
    const replica = testApp({ guard: { access: doors.access, keyless: null } });
    const token = { "x-csrf-token": answer.json().csrf_token as string };
    const out = await app.inject({ method: "POST", url: "/logout", headers: { ...headers, ...token } });
    expect([out.statusCode, out.headers["set-cookie"]]).toEqual([204, expect.stringContaining("Max-Age=0")]);
    const after = await replica.inject({ url: "/model/info", headers });
    expect([after.statusCode, after.json().code]).toEqual([401, "LOGIN_OVER"]);
  });

  it("is over when its key is revoked, and when its time is", async () => {
    const key = await doors.access.createKey("reader", null);
    const [one, two] = [await login(key.key), await login(doors.keys.reader.key)];
    expect((await info(one.headers)).statusCode).toBe(200);
    await doors.access.revokeKey(key.id);
    expect((await info(one.headers)).statusCode).toBe(401);
    expect((await info(two.headers)).statusCode).toBe(200);
    doors.clock.ms += 12 * HOUR_MS;
    expect((await info(two.headers)).statusCode).toBe(401);
  });

  it("is not had by guessing, nor for long", async () => {
    // So few a minute that no guess is given back before the test is over.
    app = testApp({ guard: { access: doors.access, keyless: null }, settings: { refusalsPerMinute: 2 } });
    const guess = async () => (await login(`rfr_${"0".repeat(12)}_${"0".repeat(32)}`)).answer.statusCode;
    expect([await guess(), await guess(), await guess()]).toEqual([401, 401, 429]);
    const held = (await login(doors.keys.reader.key)).answer;
    expect([held.statusCode, held.json().code]).toEqual([429, "TOO_MANY_REFUSED"]);
    expect(Number(held.headers["retry-after"])).toBeGreaterThan(0);
    // Whoever has worked with a key before is not shut out by others' guesses.
    expect((await info({ authorization: `Bearer ${doors.keys.writer.key}` })).statusCode).toBe(429);
    const fresh = testApp({ guard: { access: doors.access, keyless: null } });
    await fresh.inject({ url: "/model/info", headers: { authorization: `Bearer ${doors.keys.writer.key}` } });
    expect((await info({ authorization: `Bearer ${doors.keys.writer.key}` })).statusCode).toBe(200);
  });

  it("is kept by its hash alone", async () => {
    const { headers } = await login(doors.keys.reader.key);
    const token = headers.cookie.split("=")[1] ?? "";
    const rows = await doors.db.query("SELECT encode(token_sha256, 'escape') AS token, key_id FROM logins");
    expect(token).toHaveLength(43);
    expect(JSON.stringify(rows)).not.toContain(token);
  });
});

describe("a one-time link", () => {
  it("signs in once", async () => {
    const token = await doors.access.makeLink("admin", HOUR_MS);
    const first = await app.inject(`/login?token=${token}`);
    expect([first.statusCode, first.headers.location]).toEqual([303, "/"]);
    const cookie = String(first.headers["set-cookie"]).split(";")[0] ?? "";
    expect((await app.inject({ url: "/audit", headers: { cookie } })).statusCode).toBe(200);
    const second = await app.inject(`/login?token=${token}`);
    expect([second.statusCode, second.json().code]).toEqual([401, "LINK_SPENT"]);
  });

  it("signs in but for so long", async () => {
    const token = await doors.access.makeLink("admin", 1000);
    doors.clock.ms += 1000;
    expect((await app.inject(`/login?token=${token}`)).statusCode).toBe(401);
  });
});

describe("the audit log", () => {
  it("also holds attempts on what no database can", async () => {
    const authorization = `Bearer ${doors.keys.reader.key}`;
    await app.inject({ method: "DELETE", url: `/keys/a%00${"b".repeat(1000)}`, headers: { authorization } });
    const [entry] = await doors.access.auditEntries({ before: null, limit: 1 });
    expect(entry).toMatchObject({ action: "DELETE /keys/:id", caller: doors.keys.reader.id, status: 403 });
    expect(entry?.target).toMatch(/^a\ufffdb{298}$/);
  });

  it("holds every login, with its outcome, newest first, by pages", async () => {
    await login(doors.keys.writer.key);
    const refused = await login(`rfr_${"1".repeat(12)}_${"1".repeat(32)}`);
    const page = async (query: string) =>
      (
        await app.inject({ url: `/audit${query}`, headers: { authorization: `Bearer ${doors.keys.admin.key}` } })
      ).json() as { items: { id: number; status: number }[]; next_cursor: number | null };
    const { items, next_cursor } = await page("?limit=2");
    expect(items).toMatchObject([
      {
        action: "POST /login",
        caller: null,
        status: 401,
        target: null,
        request_id: refused.answer.headers["x-request-id"],
      },
      { action: "POST /login", caller: doors.keys.writer.id, status: 200 },
    ]);
    expect(next_cursor).toBe(items[1]?.id);
    const older = await page(`?limit=1000&cursor=${next_cursor}`);
    expect(older.items.every(({ id }) => id < (next_cursor ?? 0))).toBe(true);
    expect(older.next_cursor).toBeNull();
    const all = JSON.stringify([items, older]);
    for (const { key } of Object.values(doors.keys)) expect(all).not.toContain(key.split("_")[2]);
  });
});
