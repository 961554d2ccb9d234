import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { type PostgresServer, startPostgres } from "../../harness/postgres-server.js";
import { asInstant } from "../../src/base/time.js";
import { openLiveDb } from "../../src/store/live/open-live-db.js";
import { NOW_MS } from "../now.js";
import type { RunWide } from "./ask.js";

/**
 * What one run of the tests makes once for all its files, when the first of them asks for it: making a PGlite takes seconds. The
 * files run in processes of their own and ask over HTTP; the servers they are given end with the run.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), "refrain-run-"));
  // The server of PostgreSQL may run under another account.
  chmodSync(folder, 0o755);
  const made = new Map<string, Promise<unknown>>();
  const once = <T>(name: string, make: () => Promise<T>): Promise<T> => {
    const known = made.get(name) ?? make();
    made.set(name, known);
    return known as Promise<T>;
  };
  const postgres = (): Promise<PostgresServer> => once("postgres", () => startPostgres(folder, ["fsync=off"]));
  const answers: { readonly [name in RunWide]: () => Promise<string> } = {
    "home with an empty store": () => once("home", () => homeWithEmptyStore(join(folder, "home"))),
    "new database": async () => (await postgres()).createDatabase(),
  };
  const server = createServer((request, response) => {
    const name = decodeURIComponent(request.url?.slice(1) ?? "") as RunWide;
    answers[name]().then(
      (answer) => response.end(answer),
      (error) => response.writeHead(500).end(String(error)),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  project.provide("runWide", `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  return async () => {
    server.close();
    if (made.has("postgres")) await (await postgres()).stop();
    rmSync(folder, { recursive: true, force: true });
  };
}

async function homeWithEmptyStore(home: string): Promise<string> {
  const db = await openLiveDb({ home }, { now: () => asInstant(NOW_MS) });
  await db.close();
  return home;
}
