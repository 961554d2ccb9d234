import { describe, expect, it } from "vitest";
import { testApp } from "./fixture.js";

const app = testApp({ hostRule: "loopback" });
const payload = { user_id: 1 };
const status = async (headers: Record<string, string>, method: "GET" | "POST" = "GET") =>
  (await app.inject(method === "GET" ? { url: "/", headers } : { method, url: "/predict", headers, payload }))
    .statusCode;

describe("the loopback rule", () => {
  it.each(["127.0.0.1:8000", "localhost:8000", "LOCALHOST:8000", "[::1]:8000"])("lets %s in", async (host) => {
    expect(await status({ host })).toBe(200);
  });

  it.each([
    "evil.example",
    "evil.example:8000",
    "127.0.0.1.evil.example",
    "localhost@evil.example",
    "localhost:8000:1",
    "127.0.0.2",
  ])("keeps %j out", async (host) => {
    expect(await status({ host })).toBe(403);
  });

  it("refuses a foreign origin where something may change", async () => {
    const host = "127.0.0.1:8000";
    expect(await status({ host, origin: "http://evil.example" }, "POST")).toBe(403);
    expect(await status({ host, origin: "null" }, "POST")).toBe(403);
    expect(await status({ host, origin: "http://127.0.0.1:9000" }, "POST")).toBe(403);
    expect(await status({ host, origin: "http://127.0.0.1:8000" }, "POST")).toBe(200);
    expect(await status({ host }, "POST")).toBe(200);
    expect(await status({ host, origin: "http://evil.example" })).toBe(200);
  });

  it("is not asked for elsewhere", async () => {
    const open = testApp();
    expect((await open.inject({ url: "/", headers: { host: "refrain.example" } })).statusCode).toBe(200);
  });
});
