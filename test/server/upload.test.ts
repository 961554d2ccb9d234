import { request as httpRequest } from "node:http";
import { join } from "node:path";
import { Readable } from "node:stream";
import { gzipSync } from "node:zlib";
import type { FastifyInstance } from "fastify";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { LiveService } from "../../src/pipeline/live/service.js";
import { listen } from "../../src/server/listen.js";
import type { LiveSource } from "../../src/server/serving.js";
import { event, jsonLines, type TestEvent, temporaryFolder, testWorld } from "../pipeline/ingest-fixture.js";
import { emptyStore } from "../store/live/backends.js";
import { servingState, testApp } from "./fixture.js";

let service: LiveService;
let app: FastifyInstance;
let url: string;
/** What `add` has been given so far, and when it refuses. */
const seen = { batches: 0, largest: 0, refuseFrom: Number.POSITIVE_INFINITY };

beforeAll(async () => {
  const home = join(temporaryFolder(), "home");
  await emptyStore(home);
  service = await LiveService.open(home, { home }, testWorld());
  const live: LiveSource = {
    user: (id, at) => service.user(id, at),
    counterfactual: (id, at) => service.counterfactual(id, at),
    timeline: (id, page) => service.timeline(id, page),
    follow: () => service.follow(),
    predictions: (id, limit) => service.predictions(id, limit),
    droppedPredictions: 0,
    retry: (id, event) => service.retry(id, event),
    quarantine: service.quarantine,
    loop: service.loop,
    compact: (options) => service.compact(options),
    scores: service.scores,
    add: async (items) => {
      seen.batches++;
      seen.largest = Math.max(seen.largest, items.length);
      if (seen.batches >= seen.refuseFrom) await service.close();
      return service.add(items);
    },
  };
  app = testApp({ serving: { ...servingState(), live } });
  url = `${await listen(app, { host: "127.0.0.1", port: 0 })}/update_user_events`;
});
afterAll(async () => {
  await app?.close();
});

const events = (count: number): TestEvent[] => Array.from({ length: count }, () => event());

async function send(body: string | Buffer | ReadableStream, headers: Record<string, string> = {}) {
  const options = { method: "POST", headers: { "content-type": "application/x-ndjson", ...headers }, body };
  const answer = await fetch(url, { ...options, duplex: "half" } as RequestInit);
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

describe("events as lines", () => {
  it("are taken in batches as they come, and each bad one is told by its line", async () => {
    const lines = jsonLines(events(4_500)).split("\n");
    lines.splice(2_000, 0, "{broken", JSON.stringify(event({ ts: 1 })));
    const whole = Buffer.from(lines.join("\n"));
    const answer = await send(Readable.toWeb(Readable.from([whole.subarray(0, 777), whole.subarray(777)])));
    expect(answer).toMatchObject({
      status: 200,
      body: { message: "Processed 4500 events", lines: 4_502, accepted: 4_500, duplicates: 0, rejected_lines: 2 },
    });
    expect(answer.body.reasons).toEqual({ INVALID_JSON: 1, TS_IN_SECONDS: 1 });
    expect(answer.body.rejected).toMatchObject([
      { index: 2_000, line: 2_001, code: "INVALID_JSON" },
      { index: 2_001, line: 2_002, code: "TS_IN_SECONDS" },
    ]);
    expect(seen).toMatchObject({ batches: expect.any(Number) });
    expect(seen.batches).toBeGreaterThan(1);
    expect(seen.largest).toBeLessThan(4_500);
    expect(await send(whole)).toMatchObject({ status: 200, body: { accepted: 0, duplicates: 4_500 } });
  });

  it("may be gzip, and no other packing", async () => {
    const body = jsonLines(events(30));
    expect(await send(gzipSync(body), { "content-encoding": "gzip" })).toMatchObject({
      status: 200,
      body: { lines: 30, accepted: 30 },
    });
    expect(await send(body, { "content-encoding": "br" })).toMatchObject({
      status: 415,
      body: { code: "ENCODING_UNKNOWN" },
    });
    const cut = gzipSync(jsonLines(events(30))).subarray(0, -12);
    expect(await send(cut, { "content-encoding": "gzip" })).toMatchObject({
      status: 400,
      body: { code: "BODY_BROKEN" },
    });
    const bomb = gzipSync(Buffer.alloc(32 << 20, " "));
    expect(await send(bomb, { "content-encoding": "gzip" })).toMatchObject({
      status: 413,
      body: { code: "BODY_INFLATES" },
    });
  }, 60_000);

  it("all bad are refused, none at all is fine, and there are no more reasons than a person reads", async () => {
    const bad = await send("x\n".repeat(5_000));
    expect(bad).toMatchObject({ status: 400, body: { accepted: 0, rejected_lines: 5_000 } });
    expect(bad.body.rejected).toHaveLength(100);
    expect(await send("")).toMatchObject({ status: 200, body: { lines: 0, accepted: 0 } });
    const elsewhere = await app.inject({
      method: "POST",
      url: "/predict",
      headers: { "content-type": "application/x-ndjson" },
      payload: "{}",
    });
    expect(elsewhere.statusCode).toBe(415);
  });

  it("of a sender who hangs up are kept as far as they were whole batches", async () => {
    const sent = events(5_000);
    const { hostname, port, pathname } = new URL(url);
    const request = httpRequest({
      hostname,
      port,
      path: pathname,
      method: "POST",
      headers: { "content-type": "application/x-ndjson" },
    });
    request.on("error", () => {});
    const before = seen.batches;
    request.write(jsonLines(sent));
    while (seen.batches === before) await new Promise((resolve) => setTimeout(resolve, 20));
    request.destroy();
    const again = await send(jsonLines(sent));
    expect(again.status).toBe(200);
    expect(again.body.duplicates).toBeGreaterThan(0);
    expect((again.body.duplicates as number) + (again.body.accepted as number)).toBe(5_000);
  });

  it("that the store does not take any more break off, with how far it got", async () => {
    seen.refuseFrom = seen.batches + 2;
    const answer = await send(jsonLines(events(6_000)));
    expect(answer).toMatchObject({ status: 503, body: { code: "STORE_UNAVAILABLE" } });
    const { progress } = answer.body as { progress: { lines: number; accepted: number } };
    expect(progress.lines).toBeGreaterThan(0);
    expect(progress.lines).toBeLessThan(6_000);
    expect(progress.accepted).toBe(progress.lines);
  });
});
