import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { afterAll } from "vitest";
import { asInstant } from "../../src/base/time.js";
import type { World } from "../../src/base/world.js";
import { eventsSql, openLake } from "../../src/store/lake.js";
import { NOW_MS } from "../now.js";

export { NOW_MS };

const silent = { debug() {}, info() {}, warn() {} };

export function testWorld(signal: World["signal"] = { aborted: false }): World {
  return { now: () => asInstant(NOW_MS), seed: 1, threads: 2, log: silent, signal };
}

/** A folder of the test file's own, removed at its end. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "refrain-test-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export interface TestEvent {
  [field: string]: unknown;
}

let sequence = 0;

/** A good event; each has a session of its own. */
export function event(fields: TestEvent = {}): TestEvent {
  sequence++;
  return {
    ts: 1_538_352_117_000 + sequence * 1000,
    userId: "7",
    sessionId: sequence,
    itemInSession: 0,
    page: "Home",
    auth: "Logged In",
    level: "free",
    ...fields,
  };
}

/** The next event is the first again. */
export function restartEvents(): void {
  sequence = 0;
}

export function jsonLines(events: readonly unknown[]): string {
  return events.map((one) => `${JSON.stringify(one)}\n`).join("");
}

let fileNumber = 0;

export function writeLog(folder: string, content: string | Uint8Array, ending = ".jsonl"): string {
  const path = join(folder, `log${fileNumber++}${ending}`);
  writeFileSync(path, content);
  return path;
}

/** Every row of a lake, sorted, as JSON texts. */
export async function lakeRows(home: string): Promise<string[]> {
  const lake = openLake(home);
  const rows = await query(`SELECT * FROM ${eventsSql(home, lake.manifest.files)}`);
  return rows
    .map((row) => JSON.stringify(row, (_, value) => (typeof value === "bigint" ? Number(value) : value)))
    .sort();
}

export async function query(sql: string): Promise<Record<string, unknown>[]> {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  try {
    return (await (await connection.run(sql)).getRowObjects()) as Record<string, unknown>[];
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** How many rows a lake has and a hash over all their values, whatever their order: quicker than `lakeRows` for many. */
export async function lakeDigest(home: string): Promise<string> {
  const lake = openLake(home);
  const events = eventsSql(home, lake.manifest.files);
  const rows = await query(`SELECT count(*)::VARCHAR AS n, sum(hash(e)::HUGEINT)::VARCHAR AS h FROM ${events} e`);
  return `${rows[0]?.n} rows, ${rows[0]?.h}`;
}
