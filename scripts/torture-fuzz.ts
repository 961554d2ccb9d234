import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { Agent, request as httpRequest } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import fc from "fast-check";
import {
  type ApiDocument,
  complaint,
  type FuzzAnswer,
  type FuzzRequest,
  requestsOf,
} from "../test/server/fuzz/requests.js";
import { sendRaw } from "../test/server/raw-socket.js";

/**
 * Sends a running `refrain serve` requests made from its own /openapi.json, and bytes that are no requests: prints what was
 * answered, and exits 1 at the first answer that is not as the document says, or if the service does not live.
 */

const MAIN = "dist/cli/main.js";
const { values } = parseArgs({ options: { requests: { type: "string" }, seed: { type: "string" } } });
const REQUESTS = Number(values.requests ?? 20_000);
const SEED = Number(values.seed ?? 1);
const AT_ONCE = 16;
const MIB = 1024 * 1024;
const JSON_HEAD = "host: localhost\r\ncontent-type: application/json\r\n";

/** Bytes on a socket of their own, and what the first line of the answer may be. */
const RAW: readonly (readonly [string, readonly (string | Buffer)[], RegExp])[] = [
  ["no HTTP", ["\x16\x03\x01\x02\x00\x01\x00"], /^HTTP\/1\.1 400/],
  ["a head of 100 KB", [`GET /${"a".repeat(100_000)} HTTP/1.1\r\n`], /^HTTP\/1\.1 431/],
  [
    "100 MB by its length",
    [`POST /predict HTTP/1.1\r\n${JSON_HEAD}content-length: ${100 * MIB}\r\n\r\n`],
    /^HTTP\/1\.1 4(01|13)/,
  ],
  [
    "two lengths",
    [`POST /predict HTTP/1.1\r\n${JSON_HEAD}content-length: 3\r\ncontent-length: 4\r\n\r\n{}`],
    /^HTTP\/1\.1 400/,
  ],
  [
    "a chunk that is none",
    [`POST /predict HTTP/1.1\r\n${JSON_HEAD}transfer-encoding: chunked\r\n\r\nzz\r\n`],
    /^HTTP\/1\.1 40[01]/,
  ],
  [
    "traversal",
    ["GET /../../../etc/passwd HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n"],
    /^HTTP\/1\.1 40[04]/,
  ],
  ["a header that splits", ["GET / HTTP/1.1\r\nhost: localhost\r\nx: a\0b\r\n\r\n"], /^HTTP\/1\.1 400/],
];

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "refrain-fuzz-"));
  let server: ChildProcess | null = null;
  try {
    const env = { ...process.env, REFRAIN_HOME: join(folder, "home"), REFRAIN_REFUSALS_PER_MINUTE: "1000000" };
    const serving = { ...env, REFRAIN_LOG_LEVEL: "error" };
    const refrain = (...args: string[]) =>
      JSON.parse(execFileSync(process.execPath, [MAIN, ...args, "--json", "--quiet"], { env, encoding: "utf8" }));
    const log = join(folder, "log.jsonl");
    console.log(`Simulating and training (SIMULATED listeners), then ${REQUESTS} requests with seed ${SEED}`);
    refrain("simulate", "--users", "300", "--days", "63", "--seed", "5", "--out", log);
    refrain("run", log);
    const keys = ["reader", "writer", "admin", "admin"].map(
      (role) => refrain("keys", "create", "--role", role).key as string,
    );
    server = spawn(process.execPath, [MAIN, "serve", "--port", "0", "--json"], {
      env: serving,
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [bytes] = (await once(server.stdout as NodeJS.ReadableStream, "data")) as [Buffer];
    const { address } = JSON.parse(bytes.toString()) as { address: string };
    await attack(address, keys, server);
  } finally {
    server?.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  }
}

async function attack(address: string, keys: readonly string[], server: ChildProcess): Promise<void> {
  const document = (await (await fetch(`${address}/openapi.json`)).json()) as ApiDocument;
  const requests = fc.sample(requestsOf(document, keys), { numRuns: REQUESTS, seed: SEED });
  const before = memoryOf(server);
  const counts = new Map<number, number>();
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
  let next = 0;
  const worker = async () => {
    for (let i = next++; i < requests.length; i = next++) {
      const request = requests[i] as FuzzRequest;
      const answer = await ask(address, request, agent);
      counts.set(answer.status, (counts.get(answer.status) ?? 0) + 1);
      const wrong = complaint(request, answer);
      if (wrong !== null)
        throw new Error(
          `request ${i} of seed ${SEED}: ${wrong}\n${JSON.stringify({ ...request, body: request.body?.toString("latin1") })}`,
        );
      if (i % 500 === 0) await attackRaw(Number(new URL(address).port));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  agent.destroy();
  const ready = await fetch(`${address}/health/ready`);
  for (const [status, count] of [...counts].sort(([a], [b]) => a - b)) console.log(`${status}  ${count}`);
  console.log(`memory ${before} → ${memoryOf(server)}; ready: ${ready.status}`);
  if (ready.status !== 200) throw new Error("the service is not ready any more");
}

function ask(address: string, { method, url, headers, body }: FuzzRequest, agent: Agent): Promise<FuzzAnswer> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(address);
    const request = httpRequest({ hostname, port, path: url, method, headers, agent }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on("data", (chunk: Buffer) => chunks.push(chunk));
      answer.on("error", reject);
      answer.on("end", () =>
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(chunks).toString() }),
      );
    });
    request.on("error", (error) => reject(new Error(`${method} ${url.slice(0, 200)}: ${error.message}`)));
    request.end(body ?? undefined);
  });
}

async function attackRaw(port: number): Promise<void> {
  for (const [name, pieces, expected] of RAW) {
    const answer = await sendRaw(port, pieces);
    if (!expected.test(answer)) throw new Error(`${name} was answered with ${JSON.stringify(answer.slice(0, 200))}`);
  }
}

/** Resident memory, as the system has it. */
function memoryOf({ pid }: ChildProcess): string {
  const kilobytes = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? "0";
  return `${Math.round(Number(kilobytes) / 1024)} MB`;
}

await main();
