import type { FastifyInstance } from "fastify";
import { afterEach, describe, expect, it } from "vitest";
import { listen } from "../../src/server/listen.js";
import type { ServingState } from "../../src/server/serving.js";
import { stop } from "../../src/server/stop.js";
import { NO_EVENTS, servingState, testApp } from "./fixture.js";
import { sendRaw } from "./raw-socket.js";

const apps: FastifyInstance[] = [];
afterEach(async () => {
  for (const app of apps.splice(0)) await app.close();
});

async function listening(options: Parameters<typeof testApp>[0]) {
  const app = testApp(options);
  apps.push(app);
  const address = await listen(app, { host: "127.0.0.1", port: 0 });
  return { app, address, port: Number(new URL(address).port) };
}

const MIB = 1024 * 1024;
const JSON_HEAD = "content-type: application/json\r\n";

/** A serving state whose events wait until they are let go. */
function slowEvents(): { serving: ServingState; letGo: () => void; waiting: () => number } {
  const waits: (() => void)[] = [];
  const add = async (items: readonly unknown[]) => {
    await new Promise<void>((resolve) => waits.push(resolve));
    return { accepted: items.length, duplicates: 0, rejected: [] };
  };
  const serving = { ...servingState(), live: { ...NO_EVENTS, add } };
  return { serving, letGo: () => waits.splice(0).forEach((go) => void go()), waiting: () => waits.length };
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}

describe("requests", () => {
  it("of one key come no faster than they may, and again after the wait", async () => {
    const app = testApp({ settings: { requestsPerSecond: 5 } });
    const statuses: number[] = [];
    for (let i = 0; i < 7; i++) statuses.push((await app.inject("/model/info")).statusCode);
    expect(statuses.slice(0, 5)).toEqual([200, 200, 200, 200, 200]);
    const held = await app.inject("/model/info");
    expect([held.statusCode, held.json().code, held.headers["retry-after"]]).toEqual([429, "TOO_MANY", "1"]);
    await new Promise((resolve) => setTimeout(resolve, 1000));
    expect((await app.inject("/model/info")).statusCode).toBe(200);
  });

  it("of an open route are counted by address", async () => {
    const app = testApp({ settings: { requestsPerSecond: 2 } });
    const status = async (remoteAddress: string) =>
      (await app.inject({ url: "/health/live", remoteAddress })).statusCode;
    expect([await status("203.0.113.1"), await status("203.0.113.1"), await status("203.0.113.1")]).toEqual([
      200, 200, 429,
    ]);
    expect(await status("203.0.113.2")).toBe(200);
    const same = ["2001:db8:1:2::1", "2001:db8:1:2:3::", "2001:db8:1:2:ffff:1:2:3"];
    expect([await status(same[0] ?? ""), await status(same[1] ?? ""), await status(same[2] ?? "")]).toEqual([
      200, 200, 429,
    ]);
    expect(await status("2001:db8:1:3::1")).toBe(200);
  });
});

describe("events", () => {
  const send = (app: FastifyInstance, count: number) =>
    app.inject({ method: "POST", url: "/update_user_events", payload: Array.from({ length: count }, () => ({})) });

  it("beyond the queue are refused at once, and taken when there is room", async () => {
    const { serving, letGo, waiting } = slowEvents();
    const app = testApp({ serving, settings: { eventQueueMax: 10 } });
    const first = send(app, 6);
    await until(() => waiting() === 1);
    const full = await send(app, 5);
    expect([full.statusCode, full.json().code, full.headers["retry-after"]]).toEqual([429, "QUEUE_FULL", "1"]);
    const fits = send(app, 4);
    await until(() => waiting() === 2);
    letGo();
    expect((await Promise.all([first, fits])).map(({ statusCode }) => statusCode)).toEqual([200, 200]);
    // More than fit at all pass where nothing else waits.
    const many = send(app, 11);
    await until(() => waiting() === 1);
    letGo();
    expect((await many).statusCode).toBe(200);
  });

  it("as lines wait for room instead of breaking off", async () => {
    const { serving, letGo, waiting } = slowEvents();
    const { app, address } = await listening({ serving, settings: { eventQueueMax: 10 } });
    const first = send(app, 10);
    await until(() => waiting() === 1);
    const headers = { "content-type": "application/x-ndjson" };
    const upload = fetch(`${address}/update_user_events`, { method: "POST", headers, body: "{}\n{}\n" });
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(waiting()).toBe(1);
    letGo();
    await until(() => waiting() === 1);
    letGo();
    expect((await upload).status).toBe(200);
    await first;
  });
});

describe("bodies", () => {
  it("of 100 MB are refused by their length, unread", async () => {
    const { port } = await listening({});
    const head = `POST /predict HTTP/1.1\r\nhost: localhost\r\n${JSON_HEAD}content-length: ${100 * MIB}\r\n\r\n`;
    // Not one byte of the body is sent.
    const answer = await sendRaw(port, [head]);
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
    expect(answer).toContain('"code":"BODY_TOO_LARGE"');
    expect(answer.toLowerCase()).toContain("connection: close");
  });

  it("without a length are cut where they become too long", async () => {
    const { port } = await listening({});
    const head = `POST /predict HTTP/1.1\r\nhost: localhost\r\n${JSON_HEAD}transfer-encoding: chunked\r\n\r\n`;
    const chunk = `${MIB.toString(16)}\r\n${" ".repeat(MIB)}\r\n`;
    const answer = await sendRaw(port, [head, chunk, chunk, chunk]);
    expect(answer === "" || answer.startsWith("HTTP/1.1 413 ")).toBe(true);
  });

  it("take no more room than there is, and give it back, also where the sender goes away", async () => {
    const { app, address, port } = await listening({ settings: { bodiesBytesMax: MIB } });
    const head = (bytes: number) =>
      `POST /predict HTTP/1.1\r\nhost: localhost\r\n${JSON_HEAD}content-length: ${bytes}\r\n\r\n`;
    const held = async () => /refrain_body_bytes (\d+)/.exec((await app.inject("/metrics")).body)?.[1];
    const half = sendRaw(port, [head(MIB), "{"], 300);
    await until(() => app.server.listening);
    while ((await held()) !== String(MIB)) await new Promise((resolve) => setTimeout(resolve, 5));
    const body = JSON.stringify({ user_id: 1 });
    const headers = { "content-type": "application/json" };
    const full = await fetch(`${address}/predict`, { method: "POST", headers, body });
    expect([full.status, full.headers.get("retry-after")]).toEqual([429, "1"]);
    app.server.closeAllConnections();
    await half;
    while ((await held()) !== "0") await new Promise((resolve) => setTimeout(resolve, 5));
    expect((await fetch(`${address}/predict`, { method: "POST", headers, body })).status).toBe(200);
  });
});

describe("slow senders", () => {
  it("of a head or a body are cut off with 408", async () => {
    const { port } = await listening({ settings: { requestTimeoutMs: 1000 } });
    const drops = (text: string) => [...text, ...Array.from({ length: 40 }, () => "x")];
    const head = `POST /predict HTTP/1.1\r\nhost: localhost\r\n${JSON_HEAD}content-length: 1000\r\n\r\n`;
    const [slowHead, slowBody] = await Promise.all([
      sendRaw(port, drops("GET / HTTP/1.1\r\nx-slow: "), 100),
      sendRaw(port, [head, ...drops("")], 100),
    ]);
    for (const answer of [slowHead, slowBody]) {
      expect(answer).toMatch(/^HTTP\/1\.1 408 Request Timeout/);
      expect(answer).toContain('"code":"REQUEST_TOO_SLOW"');
      expect(answer).toMatch(/x-request-id: [0-9a-f-]{36}/);
    }
  });
});

describe("what is no request of ours", () => {
  it.each([
    ["NONSENSE\r\n\r\n", 400, "REQUEST_BAD"],
    ["FOO / HTTP/1.1\r\nhost: localhost\r\n\r\n", 400, "REQUEST_BAD"],
    [`GET /${"a".repeat(20_000)} HTTP/1.1\r\nhost: localhost\r\n\r\n`, 431, "HEAD_TOO_LARGE"],
    [`GET / HTTP/1.1\r\nhost: localhost\r\nx: ${"a".repeat(20_000)}\r\n\r\n`, 431, "HEAD_TOO_LARGE"],
    ["POST /predict HTTP/1.1\r\nhost: localhost\r\ncontent-length: -1\r\n\r\n", 400, "REQUEST_BAD"],
    [
      "GET / HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: chunked\r\ncontent-length: 3\r\n\r\n",
      400,
      "REQUEST_BAD",
    ],
  ])("%s is answered as a problem", async (text, status, code) => {
    const { port } = await listening({});
    const answer = await sendRaw(port, [text]);
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(answer).toContain(`"code":"${code}"`);
    expect(answer).toMatch(/x-request-id: [0-9a-f-]{36}/);
  });

  it.each([
    "/../../etc/passwd",
    "/%2e%2e/%2e%2e/etc/passwd",
    "/users/..%2f..%2fetc%2fpasswd",
    "//etc/passwd",
    "/users/%00",
  ])("no path %s leads anywhere", async (path) => {
    const { port } = await listening({});
    const answer = await sendRaw(port, [`GET ${path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n`]);
    expect(answer).toMatch(/^HTTP\/1\.1 40[04] /);
    expect(answer).not.toContain("root:");
  });

  it("OPTIONS says what there is, and grants no other site anything", async () => {
    const app = testApp();
    const answer = await app.inject({
      method: "OPTIONS",
      url: "/predict",
      headers: { origin: "https://evil.example", "access-control-request-method": "POST" },
    });
    expect([answer.statusCode, answer.headers.allow]).toEqual([204, "OPTIONS, POST"]);
    expect(Object.keys(answer.headers).filter((name) => name.startsWith("access-control"))).toEqual([]);
    const head = await app.inject({ method: "HEAD", url: "/model/info" });
    expect([head.statusCode, head.body]).toEqual([200, ""]);
  });
});

describe("stopping", () => {
  it("answers what was asked, refuses what comes after, and ends", async () => {
    const { serving, letGo, waiting } = slowEvents();
    const { app, address } = await listening({ serving });
    const headers = { "content-type": "application/json" };
    const asked = fetch(`${address}/update_user_events`, { method: "POST", headers, body: "[{}]" });
    await until(() => waiting() === 1);
    const stopped = stop(app, 10_000);
    const late = await app.inject("/model/info").catch(() => null);
    if (late !== null) expect([late.statusCode, late.headers["retry-after"]]).toEqual([503, "5"]);
    letGo();
    expect((await asked).status).toBe(200);
    expect(await stopped).toBe(true);
    await expect(fetch(address)).rejects.toThrow();
  });

  it("cuts off what takes too long", async () => {
    const { serving, waiting, letGo } = slowEvents();
    const { app, address } = await listening({ serving });
    const headers = { "content-type": "application/json" };
    const asked = fetch(`${address}/update_user_events`, { method: "POST", headers, body: "[{}]" }).catch(() => "cut");
    await until(() => waiting() === 1);
    expect(await stop(app, 50)).toBe(false);
    expect(await asked).toBe("cut");
    letGo();
  });
});
