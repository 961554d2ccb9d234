import { once } from "node:events";
import { createServer, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { allowLongBody, isLongBody } from "../../src/server/long-bodies.js";

let server: Server;

beforeAll(async () => {
  const limits = { requestTimeout: 200, headersTimeout: 200, connectionsCheckingInterval: 50 };
  server = createServer(limits, (incoming, answer) => {
    if (incoming.url === "/long") allowLongBody(incoming);
    incoming.on("error", () => {});
    incoming.on("end", () => answer.end()).resume();
  });
  server.on("clientError", (error, socket) => {
    if (!isLongBody(error, socket as never)) socket.end("HTTP/1.1 408 Request Timeout\r\nconnection: close\r\n\r\n");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
});
afterAll(() => server.close());

/** Sends six bytes, one every 150 ms; the status of the answer. */
async function slowly(path: string): Promise<number | undefined> {
  const { port } = server.address() as AddressInfo;
  const sent = request({ port, host: "127.0.0.1", path, method: "POST" });
  sent.on("error", () => {});
  const answered = new Promise<number | undefined>((resolve) => {
    sent.on("response", (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    });
  });
  for (let i = 0; i < 6; i++) {
    sent.write("x");
    await setTimeout(150);
  }
  sent.end();
  return answered;
}

it("a body may take longer than others where its route lets it, and only there", async () => {
  expect(await Promise.all([slowly("/long"), slowly("/short")])).toEqual([200, 408]);
});
