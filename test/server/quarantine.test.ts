import { join } from "node:path";
import type { FastifyInstance } from "fastify";
import { afterAll, beforeAll, expect, test } from "vitest";
import { LiveService } from "../../src/pipeline/live/service.js";
import { event, temporaryFolder, testWorld } from "../pipeline/ingest-fixture.js";
import { emptyStore } from "../store/live/backends.js";
import { servingState, testApp } from "./fixture.js";

let service: LiveService;
let app: FastifyInstance;

beforeAll(async () => {
  const home = join(temporaryFolder(), "home");
  await emptyStore(home);
  service = await LiveService.open(home, { home }, testWorld());
  const erase = (id: string) => service.erase(id, "salt of a test");
  app = testApp({ serving: { ...servingState(), live: service, erase }, guard: { access: null, keyless: "admin" } });
});
afterAll(async () => {
  await app?.close();
  await service?.close();
});

test("what was not taken is listed, mended, taken, and goes with the user", async () => {
  const items = [event({ userId: "ada" }), event({ userId: "ada", ts: "soon" }), event({ userId: "bo", ts: -1 }), null];
  const sent = await app.inject({ method: "POST", url: "/update_user_events", payload: items });
  expect(sent.json()).toMatchObject({ accepted: 1, rejected: [{ index: 1 }, { index: 2 }, { index: 3 }] });
  const first = (await app.inject("/quarantine?limit=2")).json();
  expect(first.items.map(({ code }: { code: string }) => code)).toEqual(["NOT_AN_OBJECT", "TS_NEGATIVE"]);
  const rest = (await app.inject(`/quarantine?limit=2&cursor=${first.next_cursor}`)).json();
  expect(rest).toMatchObject({ items: [{ code: "BAD_TS", user_id: "ada", event: { ts: "soon" } }], next_cursor: null });
  const retry = (id: number, payload?: object) =>
    app.inject({ method: "POST", url: `/quarantine/${id}/retry`, ...(payload === undefined ? {} : { payload }) });
  const { id } = rest.items[0];
  expect((await retry(id)).json()).toMatchObject({ accepted: 0, rejected: { code: "BAD_TS" } });
  expect((await retry(id, { event: { ...rest.items[0].event, ts: 1_538_352_117_000 } })).json()).toMatchObject({
    accepted: 1,
    rejected: null,
  });
  expect((await retry(id)).statusCode).toBe(404);
  expect((await retry(first.items[0].id)).statusCode).toBe(409);

  const erased = await app.inject({ method: "DELETE", url: "/users/bo" });
  expect(erased.json()).toMatchObject({ live: { events: 0, tables: { quarantine: 1 } } });
  expect((await app.inject("/quarantine")).body).not.toContain('"bo"');
  expect((await app.inject({ method: "DELETE", url: "/users/bo" })).json()).toEqual(erased.json());
  expect((await app.inject({ method: "DELETE", url: "/users/nobody" })).statusCode).toBe(404);
  const again = await app.inject({ method: "POST", url: "/update_user_events", payload: [event({ userId: "bo" })] });
  expect(again.statusCode).toBe(400);
  expect(again.json()).toMatchObject({ accepted: 0, duplicates: 0, rejected: [{ index: 0, code: "USER_ERASED" }] });
});
