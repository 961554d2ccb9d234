import { createHmac } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { asInstant } from "../../src/base/time.js";
import { alertSinks, signature, textOf } from "../../src/cli/alert-webhook.js";
import type { Alert } from "../../src/pipeline/loop/alert-table.js";

const NOW = 1_600_000_000_500;
const ALERT: Alert = {
  id: 7,
  rule: "data-flaw",
  subject: "events",
  severity: "critical",
  message: "On 2020-09-12 events was 3, below its band of 80 to 120",
  value: 1,
  openedAtMs: NOW,
  lastSeenMs: NOW,
  timesSeen: 1,
  ackedAtMs: null,
  ackedBy: null,
  resolvedAtMs: null,
};

describe("the webhook of alerts", () => {
  const got: { headers: Record<string, unknown>; body: string }[] = [];
  let status = 200;
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => {
      body += String(chunk);
    });
    request.on("end", () => {
      got.push({ headers: request.headers, body });
      response.writeHead(status).end();
    });
  });
  let env: Record<string, string>;
  const said: string[] = [];
  const world = {
    now: () => asInstant(NOW),
    log: { debug() {}, info() {}, warn: (text: string) => void said.push(text) },
  };

  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    env = { REFRAIN_ALERTS_WEBHOOK: `http://127.0.0.1:${port}/hook`, REFRAIN_ALERTS_SECRET: "hush" };
  });
  afterAll(() => void server.close());

  test("is told in JSON that Slack shows, signed so that it can be checked", async () => {
    const { webhook } = alertSinks(env, world);
    await webhook?.(ALERT, "opened");
    const { headers, body } = got.at(-1) ?? { headers: {}, body: "" };
    const [, seconds = "", hex = ""] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(headers["x-refrain-signature"])) ?? [];
    expect(seconds).toBe("1600000000");
    expect(createHmac("sha256", "hush").update(`${seconds}.${body}`).digest("hex")).toBe(hex);
    expect(signature(`${body} `, "hush", 1_600_000_000)).not.toContain(hex);
    expect(headers["x-refrain-delivery"]).toBe("7-opened");
    const parsed = JSON.parse(body) as { text: string; event: string; alert: { id: number } };
    expect(parsed).toMatchObject({ event: "opened", alert: { id: 7, rule: "data-flaw", resolved_at: null } });
    expect(parsed.text).toBe(textOf(ALERT, "opened"));
    expect(parsed.text).toContain("critical data-flaw: On 2020-09-12");
  });

  test("fails where it is not heard, and neither says where it is", async () => {
    status = 500;
    const { webhook, log } = alertSinks(env, world);
    const error = await webhook?.(ALERT, "resolved").catch((thrown: Error) => thrown.message);
    expect(error).toBe("the address of REFRAIN_ALERTS_WEBHOOK answered 500");
    await log?.(ALERT, "resolved");
    expect(said.at(-1)).toContain("resolved data-flaw");
    expect(Object.keys(alertSinks({}, world))).toEqual(["log"]);
    expect(() => alertSinks({ REFRAIN_ALERTS_WEBHOOK: "ftp://x" }, world)).toThrow(
      expect.objectContaining({ code: "VALUE_BAD" }),
    );
  });
});
