import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { event, jsonLines, temporaryFolder, writeLog } from "../pipeline/ingest-fixture.js";
import { emptyStore } from "../store/live/backends.js";
import { inOneProcess, MAIN } from "./one-process.js";

const folder = temporaryFolder();
const env = { ...process.env, REFRAIN_HOME: join(folder, "home"), DATABASE_URL: "", NO_COLOR: "1" };
const events = Array.from({ length: 30 }, (_, i) => event({ ts: 1_538_352_000_000 + i * 1000, userId: i % 3 }));
const keys: Record<string, string> = {};
let server: ChildProcess;
let address = "";

/** The JSON document of a command. */
function refrain(...args: string[]): Record<string, string> {
  return JSON.parse(execFileSync(process.execPath, [MAIN, ...args, "--json", "--quiet"], { env, encoding: "utf8" }));
}

/** The documents of commands that follow one another. */
function refrains(...commands: readonly string[][]): Record<string, unknown>[] {
  const asked = commands.map((args) => [...args, "--json", "--quiet"]);
  return inOneProcess(asked, { cwd: folder, env }).map(({ stdout }) => JSON.parse(stdout));
}

async function serve(): Promise<void> {
  server = spawn(process.execPath, [MAIN, "serve", "--port", "0", "--json", "--quiet"], { env });
  const [bytes] = (await once(server.stdout as NodeJS.ReadableStream, "data")) as [Buffer];
  address = JSON.parse(bytes.toString()).address;
}

async function ask(path: string, role: string | null, body?: unknown) {
  const headers = {
    ...(role === null ? {} : { authorization: `Bearer ${keys[role]}` }),
    "content-type": "application/json",
  };
  const answer = await fetch(
    `${address}${path}`,
    body === undefined ? { headers } : { method: "POST", headers, body: JSON.stringify(body) },
  );
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

beforeAll(async () => {
  await emptyStore(env.REFRAIN_HOME);
  const roles = ["reader", "writer"];
  const [, ...made] = refrains(
    ["ingest", writeLog(folder, jsonLines(events.slice(0, 10)))],
    ...roles.map((role) => ["keys", "create", "--role", role]),
  );
  for (const [i, role] of roles.entries()) keys[role] = made[i]?.key as string;
  await serve();
});
afterAll(() => {
  server.kill("SIGKILL");
});

test("serve goes on from the lake, answers who has a key, and has what it acknowledged after kill -9", async () => {
  expect((await ask("/update_user_events", null, events)).status).toBe(401);
  expect((await ask("/update_user_events", "reader", events)).status).toBe(403);
  expect(await ask("/update_user_events", "writer", [...events.slice(0, 20), { ts: 1 }])).toMatchObject({
    status: 200,
    body: { message: "Processed 20 events", accepted: 10, duplicates: 10, rejected: [{ index: 20 }] },
  });
  expect((await ask("/update_user_events", "writer", [{ ts: 1 }])).status).toBe(400);
  server.kill("SIGKILL");
  await once(server, "close");
  await serve();
  expect((await ask("/update_user_events", "writer", events)).body).toMatchObject({ accepted: 10, duplicates: 20 });
  const user = await ask("/users/1", "reader");
  expect(user).toMatchObject({ status: 200, body: { user_id: "1", level: "free", prediction: null } });
  expect((user.body.features as Record<string, number>).log_events).toBeCloseTo(Math.log1p(10), 12);
  expect((await ask("/users/1?as_of=soon", "reader")).status).toBe(400);
  expect((await ask("/users/nobody", "reader")).status).toBe(404);
  // Without a model there is nothing to score with.
  expect((await ask("/predict", "reader", { user_id: 1 })).status).toBe(503);
  // Keys are the service's while it runs: commands ask it.
  const [extra, list] = refrains(
    ["keys", "create", "--role", "reader", "--expires", "2999-01-01T00:00:00Z"],
    ["keys", "list"],
  );
  expect(list?.keys).toHaveLength(3);
  keys.extra = extra?.key as string;
  expect((await ask("/users/1", "extra")).status).toBe(200);
  refrain("keys", "revoke", extra?.id as string);
  expect((await ask("/users/1", "extra")).status).toBe(401);
  expect(() => refrain("keys", "revoke", "nobody")).toThrow(/KEY_UNKNOWN/);
});

test("what commands do to the home while it serves, it knows of", async () => {
  const added = Array.from({ length: 5 }, (_, i) => event({ ts: 1_538_438_400_000 + i * 1000, userId: "newcomer" }));
  refrain("ingest", writeLog(folder, jsonLines(added)));
  while ((await ask("/users/newcomer", "reader")).status === 404) await setTimeout(200);
  // The live events of closed days come into the lake, where the batch commands find them.
  expect(refrains(["compact", "--before", "2018-10-01T00:10:00Z"], ["explore"])).toMatchObject([
    { rows: 20, present: 0 },
    { volumes: { users: 4 } },
  ]);
  const [, explored] = refrains(["erase", "--user", "newcomer"], ["explore"]);
  expect((await ask("/users/newcomer", "reader")).status).toBe(404);
  expect(explored).toMatchObject({ volumes: { users: 3 } });
});

test("it stops when it is told to, and a revoked key opens nothing any more", async () => {
  server.kill("SIGINT");
  expect(await once(server, "close")).toEqual([130, null]);
  const list = refrain("keys", "list") as unknown as { keys: { id: string; role: string }[] };
  expect(list.keys.map(({ role }) => role).sort()).toEqual(["reader", "reader", "writer"]);
  refrain("keys", "revoke", list.keys[0]?.id as string);
  await serve();
  expect((await ask("/users/1", "reader")).status).toBe(401);
  expect((await ask("/users/1", "writer")).status).toBe(200);
});
