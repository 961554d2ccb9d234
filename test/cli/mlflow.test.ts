import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { seededRng } from "../../src/base/rng.js";
import { readIndex } from "../../src/registry/local.js";
import { temporaryFolder } from "../pipeline/ingest-fixture.js";
import { type Ended, inOneProcess } from "./one-process.js";

const folder = temporaryFolder();
const home = join(folder, "home");
const table = join(folder, "t.csv");
const trainIt = ["--home", home, "--seed", "3", "train", "--table", table, "--label", "left", "--id", "id"];
const COMMANDS = [
  [...trainIt, "--models", "logistic", "--search", "none", "--json"],
  ["--home", home, "models", "sync"],
  ["--home", home, "models", "alias", "mine", "challenger"],
  ["--home", home, "models", "alias", "mine"],
  ["--home", home, "doctor"],
];

const rng = seededRng("table");
const rows = Array.from({ length: 80 }, (_, i) => `u${i},${rng.uniform()},${rng.uniform() < 0.4 ? 1 : 0}`);

/** A port where nobody listens: it was somebody's a moment ago. */
async function deadAddress(): Promise<string> {
  const server = createServer();
  await new Promise<void>((listens) => server.listen(0, "127.0.0.1", listens));
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  return `127.0.0.1:${port}`;
}

let down: Ended[] = [];
let bad: Ended[] = [];
let unset: Ended[] = [];
let address = "";

beforeAll(async () => {
  writeFileSync(table, `id,songs,left\n${rows.join("\n")}\n`);
  address = await deadAddress();
  const say = (uri: string) => ({ cwd: folder, env: { ...process.env, NO_COLOR: "1", MLFLOW_TRACKING_URI: uri } });
  down = inOneProcess(COMMANDS, say(`http://ada:s3cret@${address}`));
  bad = inOneProcess(COMMANDS.slice(0, 1), say("sqlite:///s3cret.db"));
  unset = inOneProcess([["--home", home, "models", "sync"]], say(""));
}, 60_000);

test("a training succeeds though MLflow is away, says so, and what is to be sent waits", () => {
  const [trained] = down;
  expect(trained?.code).toBe(0);
  const { version } = JSON.parse(trained?.stdout ?? "");
  expect(readIndex(home).versions).toMatchObject([{ version }]);
  expect(trained?.stderr).toContain(`MLflow at http://${address} cannot be reached: ECONNREFUSED.`);
  expect(trained?.stderr).toContain("Nothing is lost");
  const receipts = JSON.parse(readFileSync(join(home, "uploads", "mlflow.json"), "utf8"));
  expect(receipts).toMatchObject({ done: {}, failures: 2, reason: expect.stringContaining("ECONNREFUSED") });
  expect(JSON.parse(readFileSync(join(home, "trainings", `${version}.json`), "utf8"))).toMatchObject({ version });
});

test("models sync says that MLflow is away: exit 6; no secret is shown or kept", () => {
  expect(down[1]).toMatchObject({ code: 6, stderr: expect.stringContaining("[MLFLOW_AWAY]") });
  const said = JSON.stringify([down, bad]) + readFileSync(join(home, "uploads", "mlflow.json"), "utf8");
  expect(said).not.toContain("s3cret");
});

test("doctor tells what waits, and why", () => {
  expect(down[4]?.stdout).toMatch(
    /warn {2}mlflow: it has 0 of our models, 1 wait; the last 2 tries failed: .*ECONNREFUSED/,
  );
});

test("what makes no sense is told before anything is done", () => {
  expect(bad).toMatchObject([{ code: 3, stderr: expect.stringContaining("MLFLOW_TRACKING_URI") }]);
  expect(readIndex(home).versions).toHaveLength(1);
  expect(unset).toMatchObject([{ code: 2, stderr: expect.stringContaining("MLFLOW_TRACKING_URI") }]);
  expect(down.slice(2, 4).map(({ code }) => code)).toEqual([3, 2]);
});
