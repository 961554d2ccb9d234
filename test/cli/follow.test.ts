import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterAll, expect, test } from "vitest";
import { event, jsonLines, lakeRows, temporaryFolder } from "../pipeline/ingest-fixture.js";
import { inOneProcess, MAIN } from "./one-process.js";

const folder = temporaryFolder();
const started: ChildProcess[] = [];
afterAll(() => {
  for (const child of started) child.kill("SIGKILL");
});

const envOf = (home: string, more: object = {}) => ({ ...process.env, DATABASE_URL: "", REFRAIN_HOME: home, ...more });
const events = (count: number) => jsonLines(Array.from({ length: count }, () => event()));

interface Running {
  readonly child: ChildProcess;
  /** The document it ends with, and its exit code. */
  readonly ended: Promise<{ code: number | null; document: Record<string, unknown> }>;
  stderr(): string;
}

function run(home: string, args: readonly string[], env: object = {}): Running {
  const child = spawn(process.execPath, [MAIN, "--json", ...args], { env: envOf(home, env) });
  started.push(child);
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (bytes) => {
    stdout += bytes;
  });
  child.stderr.on("data", (bytes) => {
    stderr += bytes;
  });
  const ended = once(child, "close").then(([code]) => ({ code, document: JSON.parse(stdout || "{}") }));
  return { child, ended, stderr: () => stderr };
}

async function until(what: () => boolean): Promise<void> {
  for (let i = 0; i < 300 && !what(); i++) await setTimeout(100);
  expect(what()).toBe(true);
}

test("a growing file is followed into the lake, over half lines and restarts, until Ctrl-C", async () => {
  const home = join(folder, "home");
  const path = join(folder, "growing.jsonl");
  const half = events(1);
  writeFileSync(path, `${events(10)}nonsense\n${half.slice(0, 30)}`);
  const first = run(home, ["ingest", path, "--follow"]);
  await until(() => first.stderr().includes("11 lines"));
  appendFileSync(path, `${half.slice(30)}${events(5)}`);
  first.child.kill("SIGINT");
  expect(await first.ended).toMatchObject({
    code: 130,
    document: { lines: 17, accepted: 16, duplicates: 0, quarantined: 1, reasons: { INVALID_JSON: 1 }, users: 1 },
  });
  appendFileSync(path, `${events(3)}{"ts":`);
  const second = run(home, ["ingest", path, "--follow"]);
  await until(() => second.stderr().includes("3 lines"));
  // Other commands have the home between two portions.
  execFileSync(process.execPath, [MAIN, "recover"], { env: envOf(home) });
  second.child.kill("SIGINT");
  expect(await second.ended).toMatchObject({ code: 130, document: { lines: 3, accepted: 3 } });
  expect(await lakeRows(home)).toHaveLength(19);
  const wrong = [
    ["ingest", path, path, "--follow"],
    ["ingest", path, "--since", "2018-01-01"],
  ];
  for (const { code, stdout } of inOneProcess(
    wrong.map((args) => [...args, "--json"]),
    { cwd: folder, env: envOf(home) },
  )) {
    expect([code, JSON.parse(stdout)]).toMatchObject([2, { error: { code: "USAGE" } }]);
  }
}, 240_000);

test("or to a running service, for which it waits while that is away", async () => {
  const home = join(folder, "served");
  const path = join(folder, "sent.jsonl");
  const key = JSON.parse(
    execFileSync(process.execPath, [MAIN, "keys", "create", "--role", "writer", "--json"], {
      env: envOf(home),
    }).toString(),
  ).key;
  const serve = async (port: number) => {
    const server = run(home, ["serve", "--port", String(port)]);
    const [bytes] = (await once(server.child.stdout as NodeJS.ReadableStream, "data")) as [Buffer];
    return { server, address: JSON.parse(bytes.toString()).address as string };
  };
  const { server, address } = await serve(0);
  const elsewhere = join(folder, "follower");
  writeFileSync(path, `${events(2_500)}{}\n`);
  expect(await run(elsewhere, ["ingest", path, "--to", address]).ended).toMatchObject({
    code: 3,
    document: {
      error: {
        code: "SERVICE_REFUSED",
        message: `The service at ${address} refused: 401 KEY_MISSING A key is needed.`,
      },
    },
  });
  const follower = run(elsewhere, ["ingest", path, "--follow", "--to", address], { REFRAIN_KEY: key });
  await until(() => follower.stderr().includes("2501 lines"));
  server.child.kill("SIGKILL");
  await server.ended;
  appendFileSync(path, events(4));
  await until(() => follower.stderr().includes("waiting"));
  await serve(Number(new URL(address).port));
  await until(() => follower.stderr().includes("2505 lines"));
  follower.child.kill("SIGINT");
  expect(await follower.ended).toMatchObject({
    code: 130,
    document: { lines: 2_505, accepted: 2_504, duplicates: 0, quarantined: 1, reasons: { MISSING_TS: 1 } },
  });
  expect(existsSync(join(elsewhere, "lake"))).toBe(false);
  const again = await run(join(folder, "third"), ["ingest", path, "--to", address], { REFRAIN_KEY: key }).ended;
  expect(again).toMatchObject({ code: 0, document: { lines: 2_505, accepted: 0, duplicates: 2_504 } });
  // In the home that is served it goes to the service without being told.
  const here = join(folder, "here.jsonl");
  writeFileSync(here, events(3));
  const third = run(home, ["ingest", here, "--follow"]);
  await until(() => third.stderr().includes("3 lines"));
  third.child.kill("SIGINT");
  expect(await third.ended).toMatchObject({
    code: 130,
    document: { accepted: 3, duplicates: 0, to: "the service of this home" },
  });
}, 240_000);
