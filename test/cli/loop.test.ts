import { cpSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import type { AlertDocument, QualityDocument } from "../../src/schema/loop-documents.js";
import { temporaryFolder, testWorld } from "../pipeline/ingest-fixture.js";
import { storedHome } from "../pipeline/stored-home.js";
import { emptyStore } from "../store/live/backends.js";
import { type Ended, inOneProcess } from "./one-process.js";

const folder = temporaryFolder();
const home = join(folder, "home");
const COMMANDS: readonly (readonly string[])[] = [
  ["--home", join(folder, "nothing"), "--json", "quality"],
  ["--home", home, "--json", "kpis", "--days", "0"],
  ["--home", home, "--json", "alerts", "ack", "first"],
  ["--home", home, "--json", "quality", "--days", "3"],
  ["--home", home, "kpis"],
  ["--home", home, "--json", "alerts", "ack", "1"],
];
let ended: Ended[];

beforeAll(async () => {
  await emptyStore(home);
  const stored = join(folder, "stored");
  storedHome(stored, testWorld());
  cpSync(stored, home, { recursive: true });
  ended = inOneProcess(COMMANDS, { cwd: folder, env: { ...process.env, DATABASE_URL: "" } });
});

const document = <T>(command: number): T => JSON.parse(ended[command]?.stdout ?? "") as T;

test("without data, and with a bad value: what is wrong, and its exit code", () => {
  const codes = [0, 1, 2].map((i) => document<{ error: { code: string } }>(i).error.code);
  expect(codes).toEqual(["NO_DATA", "VALUE_BAD", "VALUE_BAD"]);
  expect(ended.slice(0, 3).map(({ code }) => code)).toEqual([4, 3, 3]);
});

test("closed days are brought up to date first, and told; an alert is acknowledged", () => {
  expect(ended.slice(3).map(({ code }) => code)).toEqual([0, 0, 0]);
  expect(document<QualityDocument>(3)).toMatchObject({ simulated: true, data: { days: { length: 3 } } });
  expect(ended[4]?.stdout).toMatch(/SIMULATED[\s\S]*Closed days\n {2}day/);
  // The stored log ended years ago.
  expect(document<AlertDocument>(5)).toMatchObject({
    id: 1,
    rule: "silence",
    acked_by: "command line",
    resolved_at: null,
  });
});
