import { afterAll, beforeAll, expect, it } from "vitest";
import { servingState, testApp } from "./fixture.js";
import { type OpenDoors, openDoors } from "./open-doors.js";

let doors: OpenDoors;
beforeAll(async () => {
  doors = await openDoors();
});
afterAll(() => doors.db.close().catch(() => {}));

const ready = async (app: ReturnType<typeof testApp>) => {
  const answer = await app.inject("/health/ready");
  const missing = (answer.json().errors as { field: string }[] | undefined)?.map(({ field }) => field);
  return { status: answer.statusCode, retryAfter: answer.headers["retry-after"], missing };
};
const NOT = { status: 503, retryAfter: "5" };

it("is live as soon as it answers, ready once the store answers and a model is there", async () => {
  const guard = { access: doors.access, keyless: null };
  expect((await testApp({ guard, serving: servingState(null) }).inject("/health/live")).json()).toEqual({
    status: "live",
  });
  expect(await ready(testApp({ guard, serving: servingState(null) }))).toEqual({ ...NOT, missing: ["model"] });
  expect(await ready(testApp({ guard: { access: null, keyless: null } }))).toEqual({ ...NOT, missing: ["store"] });
  const app = testApp({ guard });
  const answer = await app.inject("/health/ready");
  expect([answer.statusCode, answer.json()]).toEqual([200, { status: "ready", model_version: "v1" }]);
});

it("is not ready any more once it is being stopped, but live", async () => {
  const app = testApp({ guard: { access: doors.access, keyless: null } });
  await app.ready();
  app.beginStop();
  expect(await ready(app)).toMatchObject({ status: 503, retryAfter: "5" });
  const live = await app.inject("/health/live");
  expect([live.statusCode, live.headers.connection]).toEqual([200, "close"]);
});

it("is not ready where the store is gone", async () => {
  await doors.db.close();
  expect(await ready(testApp({ guard: { access: doors.access, keyless: null } }))).toEqual({
    ...NOT,
    missing: ["store"],
  });
  const asked = await testApp({ guard: { access: doors.access, keyless: null } }).inject({
    url: "/model/info",
    headers: { authorization: `Bearer ${doors.keys.reader.key}` },
  });
  expect([asked.statusCode, asked.json().code, asked.headers["retry-after"]]).toEqual([503, "STORE_UNAVAILABLE", "2"]);
});
