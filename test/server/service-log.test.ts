import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { LogLevel } from "../../src/schema/config.js";
import { openServiceLog, withoutSecrets } from "../../src/server/service-log.js";
import { temporaryFolder } from "../pipeline/ingest-fixture.js";
import { servingState, testApp } from "./fixture.js";
import { type OpenDoors, openDoors } from "./open-doors.js";

const folder = temporaryFolder();
let doors: OpenDoors;
beforeAll(async () => {
  doors = await openDoors();
});
afterAll(() => doors.db.close());

let number = 0;

/** What is logged while `ask` asks. */
async function logged(logLevel: LogLevel, ask: (app: ReturnType<typeof testApp>) => Promise<unknown>): Promise<string> {
  const file = join(folder, "log", `${number++}.jsonl`);
  const log = openServiceLog({ logLevel, logTo: "home" }, file);
  const serving = {
    ...servingState(),
    reportHtml: () => {
      throw new Error("no connection to postgres://refrain:hunter2@db.example/live");
    },
  };
  const app = testApp({ guard: { access: doors.access, keyless: null }, logger: log.logger, serving });
  await ask(app);
  await app.close();
  log.close();
  return readFileSync(file, "utf8");
}

describe("the log", () => {
  it("has a line for each request, with the route and not the address, and the key's id", async () => {
    const { id, key } = doors.keys.reader;
    let request = "";
    const text = await logged("info", async (app) => {
      const answer = await app.inject({
        url: "/users/ada-lovelace?as_of=x",
        headers: { authorization: `Bearer ${key}` },
      });
      request = String(answer.headers["x-request-id"]);
    });
    expect(JSON.parse(text)).toEqual({
      level: "info",
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      request,
      method: "GET",
      route: "/users/:id",
      status: 400,
      ms: expect.any(Number),
      caller: id,
    });
  });

  it("is silent of what went well where only warnings are asked for, and never of what broke", async () => {
    const headers = { authorization: `Bearer ${doors.keys.reader.key}` };
    const text = await logged("warn", async (app) => {
      await app.inject({ url: "/model/info", headers });
      await app.inject({ url: "/", headers });
    });
    expect(text).not.toContain("/model/info");
    expect(text).toContain("no connection to postgres");
    expect(text).toContain('"status":500');
  });

  it("holds no secret: no key, cookie, token or password", async () => {
    const { key } = doors.keys.admin;
    const link = await doors.access.makeLink("admin", 60_000);
    const secrets = [key.split("_")[2] ?? "", link, "hunter2"];
    const text = await logged("debug", async (app) => {
      const authorization = `Bearer ${key}`;
      const opened = await app.inject({ method: "POST", url: "/login", payload: { key } });
      const cookie = String(opened.headers["set-cookie"]).split(";")[0] ?? "";
      secrets.push(cookie.split("=")[1] ?? "", opened.json().csrf_token);
      await app.inject({ url: `/login?token=${link}` });
      await app.inject({ url: "/", headers: { cookie } });
      await app.inject({ url: "/", headers: { authorization } });
      await app.inject({ url: `/users/${key}`, headers: { authorization } });
      await app.inject({ method: "POST", url: "/predict", headers: { authorization }, payload: `{"${key}":` });
    });
    expect(text.trim().split("\n").length).toBeGreaterThan(6);
    for (const secret of secrets) {
      expect(secret.length).toBeGreaterThan(6);
      expect(text).not.toContain(secret);
    }
  });

  it("takes passwords out of whatever words it is given", () => {
    const word = fc.stringMatching(/^[a-zA-Z0-9!$%^*-]{6,20}$/);
    fc.assert(
      fc.property(word, fc.constantFrom("postgres", "postgresql", "https"), (secret, scheme) => {
        fc.pre(!scheme.includes(secret) && !"authorization user host".includes(secret));
        for (const text of [
          `${scheme}://user:${secret}@host/db`,
          `authorization: Bearer ${secret}`,
          `?token=${secret}&a=1`,
        ]) {
          expect(withoutSecrets(`it failed: ${text} (again)`)).not.toContain(secret);
        }
      }),
    );
    expect(withoutSecrets("at 12:30 see https://example.org/a:b")).toBe("at 12:30 see https://example.org/a:b");
  });
});
