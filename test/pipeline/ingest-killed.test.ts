import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as after } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { ingest } from "../../src/pipeline/ingest.js";
import { homePaths } from "../../src/store/home-paths.js";
import { openLake } from "../../src/store/lake.js";
import { readManifest } from "../../src/store/manifest.js";
import {
  event,
  jsonLines,
  lakeDigest,
  lakeRows,
  NOW_MS,
  temporaryFolder,
  testWorld,
  writeLog,
} from "./ingest-fixture.js";

const folder = temporaryFolder();
const ROWS = 20_000;
const log = writeLog(
  folder,
  `${jsonLines(Array.from({ length: ROWS }, (_, i) => event({ userId: String(i % 50), song: `song ${i % 3000}`, ts: 1_538_352_117_000 + i * 200_000 })))}not an event\n`,
);
const script = `
  import { ingest } from ${JSON.stringify(new URL("../../dist/pipeline/ingest.js", import.meta.url).href)};
  const log = { debug() {}, info() {}, warn() {} };
  const world = { now: () => ${NOW_MS}, seed: 1, threads: 2, log, signal: { aborted: false } };
  console.log("ready");
  await ingest(process.argv[1], [${JSON.stringify(log)}], {}, world);
`;

/** Starts an ingest in a process of its own; resolves when it is about to begin. */
async function started(home: string) {
  const child = spawn(process.execPath, ["--input-type=module", "-e", script, home], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(child.stdout, "data");
  return child;
}

describe("kill -9 at any moment, then the same again", () => {
  it("gives the undisturbed result", async () => {
    const undisturbed = join(folder, "undisturbed");
    await ingest(undisturbed, [log], {}, testWorld());
    const rows = await lakeDigest(undisturbed);
    let killed = 0;
    for (const moment of [0, 150, 300, 450, 600, 900]) {
      const home = join(folder, `killed-${moment}`);
      const child = await started(home);
      const ended = once(child, "exit");
      await Promise.race([after(moment), ended]);
      if (child.kill("SIGKILL")) killed++;
      await ended;
      await ingest(home, [log], {}, testWorld());
      expect(readManifest(home)).toEqual(readManifest(undisturbed));
      expect(readdirSync(homePaths(home).lake).sort()).toEqual(["events", "manifest.json", "quarantine"]);
      expect(await lakeDigest(home)).toBe(rows);
    }
    expect(killed).toBeGreaterThan(1);
  });

  it("before the manifest is replaced nothing of it is seen", async () => {
    const home = join(folder, "garbage");
    const first = writeLog(folder, jsonLines([event()]));
    await ingest(home, [first], {}, testWorld());
    const manifest = readFileSync(homePaths(home).manifest);
    await ingest(home, [log], {}, testWorld());
    const undisturbed = readManifest(home);
    // As if the second run had been killed just before its last step.
    writeFileSync(homePaths(home).manifest, manifest);
    expect(await lakeRows(home)).toHaveLength(1);
    await ingest(home, [log], {}, testWorld());
    expect(readManifest(home)).toEqual(undisturbed);
  });
});

describe("one writer at a time", () => {
  it("a second one is refused by name, until the first is dead", async () => {
    const home = join(folder, "locked");
    const child = await started(home);
    while (!existsSync(homePaths(home).lock)) await after(1);
    await expect(ingest(home, [log], {}, testWorld())).rejects.toMatchObject({
      code: "HOME_LOCKED",
      exit: 6,
      details: { pid: child.pid as number, command: "ingest" },
    });
    child.kill("SIGKILL");
    await once(child, "exit");
    expect(existsSync(homePaths(home).lock)).toBe(true);
    expect(await ingest(home, [log], {}, testWorld())).toMatchObject({ accepted: ROWS });
    expect(readdirSync(home)).toEqual(["lake"]);
  });

  it("two in one process too", async () => {
    const home = join(folder, "twice");
    const both = await Promise.allSettled([0, 1].map(() => ingest(home, [log], {}, testWorld())));
    expect(both.map((one) => one.status).sort()).toEqual(["fulfilled", "rejected"]);
  });
});

describe("Ctrl-C", () => {
  it.each([0, 30, 120, 250])(
    "after %d ms stops with INTERRUPTED or is done, and leaves nothing half",
    async (moment) => {
      const home = join(folder, `interrupted-${moment}`);
      const signal = { aborted: moment === 0 };
      void after(moment).then(() => {
        signal.aborted = true;
      });
      const result = await ingest(home, [log], {}, testWorld(signal)).catch((error) => error);
      expect([undefined, "INTERRUPTED"]).toContain(result.code);
      expect(existsSync(homePaths(home).lock)).toBe(false);
      expect(await ingest(home, [log], {}, testWorld())).toMatchObject({ accepted: result.code ? ROWS : 0 });
    },
  );
});

describe("a damaged lake", () => {
  it("is told from an empty one", async () => {
    const home = join(folder, "damaged");
    expect(() => openLake(home)).toThrow(expect.objectContaining({ code: "NO_DATA" }));
    await ingest(home, [log], {}, testWorld());
    rmSync(join(homePaths(home).lake, openLake(home).manifest.files[0]?.path as string));
    expect(() => openLake(home)).toThrow(expect.objectContaining({ code: "LAKE_BROKEN" }));
    writeFileSync(homePaths(home).manifest, "{");
    await expect(ingest(home, [log], {}, testWorld())).rejects.toMatchObject({ code: "LAKE_BROKEN" });
  });
});
