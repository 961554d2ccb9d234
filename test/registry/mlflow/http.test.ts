import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { RefrainError } from "../../../src/base/errors.js";
import { experimentId } from "../../../src/registry/mlflow/experiments.js";
import { MlflowHttp } from "../../../src/registry/mlflow/http.js";
import { mlflowPlace } from "../../../src/registry/mlflow/place.js";

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  }
});

async function listening(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((listens) => server.listen(0, "127.0.0.1", listens));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function httpTo(address: string, signal: AbortSignal | null = null): MlflowHttp {
  const env = { MLFLOW_TRACKING_URI: address, MLFLOW_TRACKING_TOKEN: "s3cret" };
  const place = mlflowPlace(env, { experiment: "refrain", modelName: "churn" });
  if (place === null) throw new Error("no place");
  return new MlflowHttp(place, fetch, signal, { callMs: 150, uploadMs: 150 });
}

/** What asking for the experiment comes to. */
async function failureOf(http: MlflowHttp): Promise<{ code: string; message: string }> {
  const error = await experimentId(http).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof RefrainError)) throw new Error(`no failure of ours: ${error}`);
  expect(JSON.stringify(error) + error.stack).not.toContain("s3cret");
  return { code: error.code, message: error.message };
}

const answering =
  (status: number, body: string, headers = {}): RequestListener =>
  (_, response) =>
    response.writeHead(status, headers).end(body);

const CASES: readonly (readonly [string, RequestListener, code: string, reason: RegExp])[] = [
  ["a page of HTML", answering(200, "<html>hello</html>"), "MLFLOW_REFUSED", /as an MLflow server does/],
  ["another JSON", answering(200, '{"experiment":{"experiment_id":7}}'), "MLFLOW_REFUSED", /as an MLflow server does/],
  ["a cut JSON", answering(200, '{"experiment":'), "MLFLOW_REFUSED", /as an MLflow server does/],
  ["401", answering(401, "no"), "MLFLOW_REFUSED", /does not let us in \(401\)/],
  ["403", answering(403, "{}"), "MLFLOW_REFUSED", /does not let us in \(403\)/],
  [
    "400 and why",
    answering(400, '{"error_code":"INVALID_PARAMETER_VALUE"}'),
    "MLFLOW_REFUSED",
    /400 INVALID_PARAMETER_/,
  ],
  ["404 of another server", answering(404, "<b>nginx</b>"), "MLFLOW_REFUSED", /answered 404\.$/],
  ["500", answering(500, "{}"), "MLFLOW_AWAY", /answered 500/],
  ["503", answering(503, "<html>"), "MLFLOW_AWAY", /answered 503/],
  ["429", answering(429, "{}"), "MLFLOW_AWAY", /answered 429/],
  ["nothing", () => {}, "MLFLOW_AWAY", /longer than 0\.15 s/],
  [
    "half an answer, and then nothing",
    (_, response) => void response.writeHead(200, { "content-length": "100" }).write("{"),
    "MLFLOW_AWAY",
    /longer than 0\.15 s/,
  ],
  ["the end of the line", (request) => void request.socket.destroy(), "MLFLOW_AWAY", /UND_ERR_SOCKET|ECONNRESET/],
];

describe("a server that answers with", () => {
  test.each(CASES)("%s", async (_, listener, code, reason) => {
    const failure = await failureOf(httpTo(await listening(listener)));
    expect(failure).toEqual({ code, message: expect.stringMatching(reason) });
  });

  test("a redirect is not followed: the token would go along", async () => {
    let visits = 0;
    const elsewhere = await listening((_, response) => {
      visits++;
      response.end();
    });
    const http = httpTo(await listening(answering(302, "", { location: `${elsewhere}/x` })));
    expect(await failureOf(http)).toEqual({
      code: "MLFLOW_REFUSED",
      message: expect.stringMatching(/elsewhere \(302\)/),
    });
    await expect(http.put("1/a/artifacts/x", "y")).rejects.toMatchObject({ code: "MLFLOW_REFUSED" });
    expect(visits).toBe(0);
  });

  test("nobody there", async () => {
    const address = await listening(() => {});
    await new Promise((closed) => servers.splice(0)[0]?.close(closed));
    expect(await failureOf(httpTo(address))).toEqual({
      code: "MLFLOW_AWAY",
      message: expect.stringMatching(/ECONNREFUSED/),
    });
  });
});

test("an answer without end is not read to its end", async () => {
  const chunk = Buffer.alloc(1 << 20, "x");
  let sent = 0;
  const http = httpTo(
    await listening((_, response) => {
      const more = (): void => {
        while (!response.destroyed && sent < 64 && response.write(chunk)) sent++;
        if (!response.destroyed) response.once("drain", more);
      };
      more();
    }),
  );
  expect((await failureOf(http)).code).toBe("MLFLOW_AWAY");
  expect(sent).toBeLessThan(64);
});

test("who stops us does not wait for an answer", async () => {
  const stop = new AbortController();
  const http = httpTo(await listening(() => stop.abort()), stop.signal);
  expect(await failureOf(http)).toMatchObject({
    code: "MLFLOW_AWAY",
    message: expect.stringMatching(/not waited for/),
  });
});

test("every request shows the token; names of files are put into addresses as they are", async () => {
  const asked: (string | undefined)[] = [];
  const http = httpTo(
    await listening((request, response) => {
      asked.push(request.headers.authorization, request.url);
      response.end("{}");
    }),
  );
  await http.put("1/r/artifacts/é ü?#%.json", "{}");
  expect(asked).toEqual([
    "Bearer s3cret",
    "/api/2.0/mlflow-artifacts/artifacts/1/r/artifacts/%C3%A9%20%C3%BC%3F%23%25.json",
  ]);
});
