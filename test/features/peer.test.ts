import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { writeFeatures } from "../../src/pipeline/features.js";
import { ingest } from "../../src/pipeline/ingest.js";
import { readTable } from "../../src/store/read-table.js";
import { temporaryFolder, testWorld } from "../pipeline/ingest-fixture.js";
import { simulatedLog } from "../pipeline/simulated-home.js";
import { needsShared, sharedPath } from "../shared.js";

const PEER = "peers/batch_features.py";
const PYTHON = process.env.PYTHON ?? "python3";
const hasPandas = (): boolean => spawnSync(PYTHON, ["-c", "import pandas, pyarrow"]).status === 0;

describe.skipIf(needsShared(PEER) || !hasPandas())("the 46 reference features against pandas (PYTHON names it)", () => {
  const folder = temporaryFolder();

  test("are the same to a billionth, for every user of a log whose rows all name one", async () => {
    const world = testWorld();
    const { log } = await simulatedLog(folder, { users: 60, days: 40, seed: 4 }, world);
    const known = join(folder, "known.jsonl");
    const lines = readFileSync(log, "utf8").split("\n");
    writeFileSync(known, lines.filter((line) => !line.includes('"userId":""')).join("\n"));
    const theirs = join(folder, "theirs.csv");
    const env = { ...process.env, PYTHONDONTWRITEBYTECODE: "1" };
    execFileSync(PYTHON, [sharedPath(PEER), "--events", known, "--out", theirs], { env, stdio: "pipe" });

    const home = join(folder, "home");
    await ingest(home, [known], { map: {} }, world);
    const out = join(folder, "ours.csv");
    const { features } = await writeFeatures(home, { out, cutoffs: "whole-history", allUsers: true }, world);
    const [ours, peer] = await Promise.all(
      [out, theirs].map(async (path) => {
        const table = new Map(
          (await readTable(path, world)).map(({ name, values }) => [name, Array.from(values, Number)]),
        );
        const ids = table.get("user_id") ?? table.get("userId") ?? [];
        return (name: string) => new Map(ids.map((id, row) => [id, table.get(name)?.[row] ?? Number.NaN]));
      }),
    );
    const far = features.filter((name) => {
      const [mine, other] = [ours?.(name), peer?.(name)];
      expect(mine?.size).toBe(60);
      return ![...(mine ?? [])].every(([id, value]) => {
        const wanted = other?.get(id) ?? Number.NaN;
        return Math.abs(value - wanted) <= 1e-9 * Math.max(1, Math.abs(wanted));
      });
    });
    expect(features).toHaveLength(46);
    expect(far).toEqual([]);
  });
});
