import { spawnSync } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { ingest } from "../../src/pipeline/ingest.js";
import { temporaryFolder, testWorld } from "./ingest-fixture.js";

const folder = temporaryFolder();
const world = testWorld();
const LINES = 20_000;
const START_MS = 1_538_352_000_000;

const line = (_: unknown, item: number): string =>
  JSON.stringify({ ts: START_MS + item * 1000, userId: 7, sessionId: 1, itemInSession: item, page: "NextSong" });
const packed = gzipSync(`${Array.from({ length: LINES }, line).join("\n")}\n`);

function file(name: string, bytes: Uint8Array | string): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

/** As a script would, into a home of its own. */
function ingestByCommand(path: string): { status: number | null; stdout: string; stderr: string } {
  const main = resolve(import.meta.dirname, "../../dist/cli/main.js");
  const args = [main, "ingest", path, "--home", join(folder, "home-cli"), "--quiet"];
  return spawnSync(process.execPath, args, { encoding: "utf8" });
}

describe("a log that breaks off", () => {
  test.each([
    ["cut.jsonl.gz", packed.subarray(0, packed.length / 2), 0.3],
    ["junk.jsonl.gz", Buffer.concat([packed, Buffer.from("JUNK")]), 0.7],
  ])("%s: what came before the break is kept, and the file is named", async (name, bytes, share) => {
    const { accepted, files } = await ingest(join(folder, `home-${name}`), [file(name, bytes)], {}, world);
    expect(accepted).toBeGreaterThan(share * LINES);
    expect(accepted).toBeLessThan(LINES);
    expect(files[0]?.error).toMatchObject({ code: "FILE_UNREADABLE" });
  });

  test("a script hears of it: exit 3, though the rest was kept", () => {
    const { status, stdout } = ingestByCommand(file("half.jsonl.gz", packed.subarray(0, packed.length / 2)));
    expect(status).toBe(3);
    expect(stdout).toMatch(/Not read whole/);
  });
});

describe("what is no log", () => {
  test("a table without a column of users is refused: all its rows would be nobody's", async () => {
    const path = file("nobody.csv", `ts,sessionId,itemInSession,page\n${START_MS},1,0,Home\n`);
    const refusal = { code: "COLUMNS_WRONG", details: expect.objectContaining({ missing: "userId" }) };
    await expect(ingest(join(folder, "home-nobody"), [path], {}, world)).rejects.toMatchObject(refusal);
  });

  test("a pipe is refused instead of waited for", async () => {
    const path = join(folder, "pipe.jsonl");
    expect(spawnSync("mkfifo", [path]).status).toBe(0);
    await expect(ingest(join(folder, "home-pipe"), [path], {}, world)).rejects.toMatchObject({
      code: "FILE_UNREADABLE",
    });
  });

  test("a loop of links is refused", () => {
    mkdirSync(join(folder, "loop"));
    symlinkSync(join(folder, "loop/b"), join(folder, "loop/a"));
    symlinkSync(join(folder, "loop/a"), join(folder, "loop/b"));
    const { status, stderr } = ingestByCommand(join(folder, "loop/a"));
    expect(status).toBe(3);
    expect(stderr).toMatch(/PATH_UNUSABLE/);
  });
});
