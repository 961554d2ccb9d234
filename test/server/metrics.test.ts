import { describe, expect, it } from "vitest";
import { Metrics } from "../../src/server/metrics.js";
import type { ServingState } from "../../src/server/serving.js";
import type { LiveDb } from "../../src/store/live/live-db.js";
import { timedDb } from "../../src/store/live/timed-db.js";
import { NO_EVENTS, servingState, testApp } from "./fixture.js";

const add: NonNullable<ServingState["live"]>["add"] = async () => ({
  accepted: 2,
  duplicates: 1,
  rejected: [{ index: 3, code: "NOT_AN_OBJECT", message: "" }],
});
const serving: ServingState = { ...servingState(), live: { ...NO_EVENTS, add } };

/** The value of a line of the exposition. */
async function figure(app: ReturnType<typeof testApp>, line: string): Promise<number> {
  const { body } = await app.inject("/metrics");
  const found = body.split("\n").find((one) => one.startsWith(`${line} `));
  return found === undefined ? Number.NaN : Number(found.slice(line.length + 1));
}

describe("/metrics", () => {
  it("counts requests by route and status, events by outcome, predictions", async () => {
    const app = testApp({ serving });
    await app.inject({ method: "POST", url: "/update_user_events", payload: [1, 2, 3, 4] });
    await app.inject({ method: "POST", url: "/predict", payload: { user_id: 12 } });
    await app.inject({ method: "POST", url: "/predict", payload: { user_id: "nobody" } });
    await app.inject({ method: "POST", url: "/batch_predict", payload: [1, 12, 13] });
    await app.inject("/users/a-secret-user");
    await app.inject("/nowhere/a-secret-place");
    const requests = (labels: string) => figure(app, `refrain_http_request_duration_seconds_count{${labels}}`);
    expect(await requests('method="POST",route="/predict",status="200"')).toBe(1);
    expect(await requests('method="POST",route="/predict",status="404"')).toBe(1);
    expect(await requests('method="GET",route="/users/:id",status="404"')).toBe(1);
    expect(await requests('method="GET",route="(none)",status="404"')).toBe(1);
    expect(await figure(app, 'refrain_events_total{outcome="accepted"}')).toBe(2);
    expect(await figure(app, 'refrain_events_total{outcome="duplicate"}')).toBe(1);
    expect(await figure(app, 'refrain_events_total{outcome="rejected"}')).toBe(1);
    expect(await figure(app, "refrain_predictions_total")).toBe(4);
    expect(await figure(app, "refrain_event_queue_depth")).toBe(0);
    expect(await figure(app, 'refrain_model_info{version="v1"}')).toBe(1);
    expect((await app.inject("/metrics")).body).not.toContain("secret");
  });

  it("is open to this machine itself, and to others with a key", async () => {
    const app = testApp({ guard: { access: null, keyless: null } });
    const status = async (headers: Record<string, string>, remoteAddress = "127.0.0.1") =>
      (await app.inject({ url: "/metrics", headers, remoteAddress })).statusCode;
    expect(await status({})).toBe(200);
    expect(await status({ host: "[::1]:8000" }, "::1")).toBe(200);
    expect(await status({}, "203.0.113.7")).toBe(401);
    // What claims to come from here while it does not.
    for (const header of ["x-forwarded-for", "x-real-ip", "forwarded", "x-forwarded-host", "via"]) {
      expect(await status({ [header]: "127.0.0.1" }, "203.0.113.7")).toBe(401);
      // A proxy on this machine.
      expect(await status({ [header]: "127.0.0.1" })).toBe(401);
    }
    expect(await status({ host: "refrain.example" })).toBe(401);
    const closed = testApp({ guard: { access: null, keyless: null }, settings: { metricsRole: "reader" } });
    expect((await closed.inject("/metrics")).statusCode).toBe(401);
  });
});

describe("a watched store", () => {
  it("tells how long each transaction took, also of one that failed", async () => {
    const metrics = new Metrics();
    const refuse = async (): Promise<never> => {
      throw new Error("refused");
    };
    const done = async (): Promise<void> => {};
    const db = timedDb(
      { query: refuse, exec: done, transaction: refuse, snapshot: refuse, reclaim: done, close: done } as LiveDb,
      metrics.observeStore,
    );
    await db.exec("");
    await expect(db.query("")).rejects.toThrow("refused");
    const text = await metrics.registry.metrics();
    expect(text).toContain('refrain_store_duration_seconds_count{operation="exec",outcome="done"} 1');
    expect(text).toContain('refrain_store_duration_seconds_count{operation="query",outcome="failed"} 1');
  });
});
