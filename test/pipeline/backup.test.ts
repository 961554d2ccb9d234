import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { beforeAll, expect, test } from "vitest";
import { asInstant } from "../../src/base/time.js";
import { backup, restore } from "../../src/pipeline/backup.js";
import { openSnapshots } from "../../src/pipeline/kept/from-states.js";
import { LiveEvents } from "../../src/pipeline/live/live-events.js";
import { takeLake } from "../../src/pipeline/live/take-lake.js";
import { load } from "../../src/pipeline/load.js";
import { TAR_BLOCK, tarHeader } from "../../src/store/backup/tar-header.js";
import { homePaths } from "../../src/store/home-paths.js";
import { openLake } from "../../src/store/lake.js";
import { openLiveDb } from "../../src/store/live/open-live-db.js";
import { emptyStore } from "../store/live/backends.js";
import { lakeRows, NOW_MS, temporaryFolder, testWorld } from "./ingest-fixture.js";
import { storedIn } from "./live/through-sql.js";
import { simulatedLog } from "./simulated-home.js";

const folder = temporaryFolder();
const world = testWorld();
const home = join(folder, "home");
const file = join(folder, "home.tar.gz");

beforeAll(async () => {
  const { log } = await simulatedLog(folder, { users: 12, days: 21 }, world);
  await load(home, [log], { truth: null }, world);
  mkdirSync(join(home, "models"));
  writeFileSync(join(home, "models", "index.json"), '{"versions":[],"champion":null,"previous":[]}');
  await emptyStore(home);
  const db = await openLiveDb({ home }, world);
  await takeLake(openLake(home), db, new LiveEvents(db, world), world);
  await db.close();
});

/** What the features of everybody are at the end, and all that the live store and the lake hold. */
async function contentOf(one: string): Promise<unknown> {
  const db = await openLiveDb({ home: one }, world);
  const { states } = await storedIn(db, []);
  await db.close();
  const source = await openSnapshots(one, null, world);
  const table = await source.at(asInstant(source.lastTsMs), null);
  return [[...states].sort(), await lakeRows(one), [...table.x.data]];
}

test("a home that is restored is the one that was backed up, its live store too", async () => {
  const manifest = await backup(home, file, { place: { home }, version: "1" }, world);
  expect(manifest.live).toBe("home");
  const other = join(folder, "other");
  expect(await restore(other, file, { force: false }, world)).toMatchObject({ manifest, before: null });
  expect(await contentOf(other)).toEqual(await contentOf(home));
  expect(readFileSync(join(other, "models", "index.json"))).toEqual(readFileSync(join(home, "models", "index.json")));
  // Any tar reads it.
  const listed = execFileSync("tar", ["-tzf", file], { encoding: "utf8" });
  expect(listed).toContain("lake/manifest.json");
  expect(listed).not.toMatch(/^lock|live\.lock/m);

  await expect(restore(other, file, { force: false }, world)).rejects.toMatchObject({ code: "HOME_NOT_EMPTY" });
  const { before } = await restore(other, file, { force: true }, world);
  expect(before).toBe(`${other}.before-${NOW_MS}`);
  expect(await lakeRows(before ?? "")).toEqual(await lakeRows(other));
  const within = join(home, "x.tar.gz");
  await expect(backup(home, within, { place: { home }, version: "1" }, world)).rejects.toMatchObject({
    code: "VALUE_BAD",
  });
});

test("what is not whole, newer, or would write elsewhere is refused, and nothing is changed", async () => {
  if (!existsSync(file)) await backup(home, file, { place: { home }, version: "1" }, world);
  const bytes = gunzipSync(readFileSync(file));
  const packed = (name: string, content: Buffer) => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };
  const flipped = Buffer.from(bytes);
  const at = bytes.indexOf("PAR1");
  flipped[at + 10] = (flipped[at + 10] as number) ^ 1;
  const list = (change: object) => {
    const manifest = { format: 1, version: "1", madeAt: "", live: "none", folders: [], files: [], ...change };
    const text = Buffer.from(JSON.stringify(manifest));
    const pad = Buffer.alloc((TAR_BLOCK - (text.length % TAR_BLOCK)) % TAR_BLOCK);
    return [tarHeader({ path: "backup.json", isFolder: false, bytes: text.length }), text, pad];
  };
  const end = Buffer.alloc(2 * TAR_BLOCK);
  const escaping = (path: string) => {
    const sha256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    const files = [{ path, bytes: 0, sha256 }];
    return gzipSync(Buffer.concat([...list({ files }), tarHeader({ path, isFolder: false, bytes: 0 }), end]));
  };
  const whole = readFileSync(file);
  const target = join(folder, "target");
  for (const [path, code] of [
    [packed("cut.gz", whole.subarray(0, whole.length - 100)), "BACKUP_BROKEN"],
    [packed("short.gz", gzipSync(bytes.subarray(0, bytes.length / 2))), "BACKUP_BROKEN"],
    [packed("flipped.gz", gzipSync(flipped)), "BACKUP_BROKEN"],
    [packed("text.gz", Buffer.from("hello")), "BACKUP_BROKEN"],
    [packed("up.gz", escaping("../evil")), "BACKUP_BROKEN"],
    [packed("root.gz", escaping("/tmp/evil")), "BACKUP_BROKEN"],
    [packed("folder.gz", gzipSync(Buffer.concat([...list({ folders: ["a/../../evil"] }), end]))), "BACKUP_BROKEN"],
    [
      packed("missing.gz", gzipSync(Buffer.concat([...list({ files: [{ path: "a", bytes: 1, sha256: "" }] }), end]))),
      "BACKUP_BROKEN",
    ],
    [packed("newer.tar.gz", gzipSync(Buffer.concat([...list({ format: 2 }), end]))), "HOME_NEWER"],
    [join(folder, "absent"), "PATH_ABSENT"],
  ] as const) {
    await expect(restore(target, path, { force: false }, world), path).rejects.toMatchObject({ code });
    expect(existsSync(target)).toBe(false);
  }
  expect(existsSync(join(folder, "evil"))).toBe(false);
  expect(readdirSync(folder).filter((name) => name.includes("restoring"))).toEqual([]);
  expect(existsSync(homePaths(home).manifest)).toBe(true);
});
