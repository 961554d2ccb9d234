import net from "node:net";
import { describe, expect, it } from "vitest";
import { RefrainError } from "../../src/base/errors.js";
import { HTTP_PROBLEMS } from "../../src/server/http-problems.js";
import { listen } from "../../src/server/listen.js";
import { servingState, testApp } from "./fixture.js";

const app = testApp();
const json = { "content-type": "application/json" };

describe("an error", () => {
  it.each([
    ["BODY_MALFORMED", { method: "POST", url: "/predict", payload: "{", headers: json }],
    ["BODY_MALFORMED", { method: "POST", url: "/predict", payload: '{"__proto__":{"a":1}}', headers: json }],
    [
      "BODY_MALFORMED",
      { method: "POST", url: "/predict", payload: String.raw`{"features":{"\u005f_proto__":{"a":1}}}`, headers: json },
    ],
    [
      "BODY_MALFORMED",
      { method: "POST", url: "/predict", payload: '{"constructor":{"prototype":{"a":1}}}', headers: json },
    ],
    ["BODY_MALFORMED", { method: "POST", url: "/predict", payload: "", headers: json }],
    ["BODY_TOO_LARGE", { method: "POST", url: "/predict", payload: `"${"x".repeat(2_000_000)}"`, headers: json }],
    [
      "MEDIA_TYPE_UNKNOWN",
      { method: "POST", url: "/predict", payload: "a,b", headers: { "content-type": "text/csv" } },
    ],
    [
      "MEDIA_TYPE_UNKNOWN",
      { method: "POST", url: "/predict", payload: "7", headers: { "content-type": "text/plain" } },
    ],
    ["ROUTE_UNKNOWN", { method: "GET", url: "/nowhere" }],
    ["METHOD_WRONG", { method: "DELETE", url: "/predict" }],
    ["METHOD_WRONG", { method: "TRACE" as "GET", url: "/model/info" }],
    ["BODY_NOT_UTF8", { method: "POST", url: "/predict", payload: Buffer.from([0x22, 0xff, 0x22]), headers: json }],
    ["BODY_TOO_DEEP", { method: "POST", url: "/predict", payload: "[".repeat(400_000), headers: json }],
    ["URL_MALFORMED", { method: "GET", url: "/%ZZ" }],
  ] as const)("%s is problem JSON with a code and the usual headers", async (code, request) => {
    const answer = await app.inject(request);
    const { status, message, hint } = HTTP_PROBLEMS[code];
    expect(answer.statusCode).toBe(status);
    expect(answer.headers["content-type"]).toMatch(/^application\/problem\+json/);
    expect(answer.headers["x-request-id"]).toMatch(/^[0-9a-f-]{36}$/);
    expect(answer.headers["x-content-type-options"]).toBe("nosniff");
    expect(answer.json()).toEqual({
      type: `urn:refrain:error:${code}`,
      title: message,
      status,
      detail: message,
      code,
      hint,
    });
  });

  it("that nobody expected says nothing of its reason, which is logged", async () => {
    const logged: string[] = [];
    const serving = {
      ...servingState(),
      reportHtml: () => {
        throw new TypeError("secret path /home/x");
      },
    };
    const answer = await testApp({ serving, logged }).inject("/");
    expect(answer.statusCode).toBe(500);
    expect(answer.json().code).toBe("INTERNAL");
    expect(answer.body).not.toContain("secret");
    expect(answer.body).not.toContain("at ");
    expect(logged.join("\n")).toContain("secret path");
    expect(logged.join("\n")).toContain(answer.headers["x-request-id"]);
  });

  it("of Refrain keeps its status, code and hint", async () => {
    const serving = {
      ...servingState(),
      scoreUser: () => {
        throw new RefrainError("MODEL_BROKEN", { version: "v1" });
      },
    };
    const answer = await testApp({ serving }).inject({ method: "POST", url: "/predict", payload: { user_id: 1 } });
    expect(answer.statusCode).toBe(503);
    expect(answer.json()).toMatchObject({ code: "MODEL_BROKEN", hint: expect.stringContaining("Train again") });
  });
});

describe("every answer", () => {
  it.each(["/", "/health/live", "/model/info", "/nowhere"])("%s is guarded", async (url) => {
    const { headers } = await app.inject(url);
    expect(headers["content-security-policy"]).toContain("frame-ancestors 'none'");
    expect(headers["content-security-policy"]).toContain("default-src 'none'");
    expect(headers["x-content-type-options"]).toBe("nosniff");
    expect(headers["x-request-id"]).toBeTruthy();
  });
});

describe("listening", () => {
  it("names a taken port, and answers even what is no HTTP", async () => {
    const first = testApp({ hostRule: "loopback" });
    const second = testApp();
    try {
      const address = await listen(first, { host: "127.0.0.1", port: 0 });
      const port = Number(new URL(address).port);
      await expect(listen(second, { host: "127.0.0.1", port })).rejects.toMatchObject({ code: "PORT_TAKEN" });
      expect((await fetch(`${address}/health/live`)).status).toBe(200);
      expect(await sendRaw(port, "NONSENSE\r\n\r\n")).toContain('"code":"REQUEST_BAD"');
      expect(await sendRaw(port, "GET / HTTP/1.1\r\nHost: localhost:1\r\nConnection: close\r\n\r\n")).toContain("403");
    } finally {
      await first.close();
      await second.close();
    }
  });
});

function sendRaw(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = net.connect(port, "127.0.0.1", () => socket.write(text));
    socket.on("data", (chunk) => chunks.push(chunk));
    socket.on("close", () => resolve(Buffer.concat(chunks).toString()));
    socket.on("error", reject);
  });
}
