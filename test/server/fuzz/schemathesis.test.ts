import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { listen } from "../../../src/server/listen.js";
import { temporaryFolder } from "../../pipeline/ingest-fixture.js";
import { type RealApp, realApp } from "./real-app.js";
import type { ApiDocument } from "./requests.js";

/** PYTHON names an interpreter whose environment has the peers; their commands lie beside it. */
const { PYTHON } = process.env;
const COMMAND = PYTHON === undefined ? "schemathesis" : join(dirname(PYTHON), "schemathesis");
const isThere = spawnSync(COMMAND, ["--version"]).status === 0;
const isRequired = process.env.REFRAIN_REQUIRE_ALL === "1";

/** Not: who may ask what, since the key is given by a header of ours (guard.test.ts asks that); whether bad events are refused as a whole (each is, by itself), and whether all that fits is accepted. */
const CHECKS = [
  "not_a_server_error",
  "status_code_conformance",
  "content_type_conformance",
  "response_headers_conformance",
  "response_schema_conformance",
  "unsupported_method",
  "allow_header_conformance",
];

describe.skipIf(!isThere && !isRequired)("schemathesis (beside PYTHON, or on the PATH)", () => {
  const folder = temporaryFolder();
  let real: RealApp;
  let address: string;
  beforeAll(async () => {
    real = await realApp();
    address = await listen(real.app, { host: "127.0.0.1", port: 0 });
  });
  afterAll(() => real.close());

  it("finds nothing in what /openapi.json promises", async () => {
    // Lines of JSON are a body that it cannot make.
    const document = (await (await fetch(`${address}/openapi.json`)).json()) as ApiDocument;
    const content = document.paths["/update_user_events"]?.post?.requestBody?.content as Record<string, unknown>;
    delete content["application/x-ndjson"];
    const file = join(folder, "openapi.json");
    writeFileSync(file, JSON.stringify(document));
    // 503 is an answer: there is no model to roll back from.
    const expected = '["2xx", "3xx", "4xx", "503"]';
    writeFileSync(join(folder, "schemathesis.toml"), `[checks.not_a_server_error]\nexpected-statuses = ${expected}\n`);
    const key = await real.makeKey("admin");
    const child = spawn(
      COMMAND,
      [
        ...["run", file, "--url", address, "--checks", CHECKS.join(","), "--max-examples", "10", "--seed", "7"],
        ...[
          "--phases",
          "examples,coverage,fuzzing",
          "--header",
          `authorization: Bearer ${key}`,
          "--suppress-health-check",
          "all",
        ],
        ...["--no-shrink", "--warnings", "off", "--request-timeout", "100"],
      ],
      { cwd: folder, env: { ...process.env, NO_COLOR: "1", PYTHONDONTWRITEBYTECODE: "1" } },
    );
    const said: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => said.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => said.push(chunk));
    const [code] = await once(child, "close");
    const lines = Buffer.concat(said).toString().split("\n").slice(-120);
    expect(code === 0 ? [] : lines.map((line) => line.slice(0, 300))).toEqual([]);
  }, 600_000);
});
