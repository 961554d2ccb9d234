import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { checkClock, checkNode } from "../../src/pipeline/doctor/place.js";
import { examine } from "../../src/pipeline/doctor.js";
import { ingest } from "../../src/pipeline/ingest.js";
import { currentStates } from "../../src/pipeline/kept/keep-states.js";
import { homePaths } from "../../src/store/home-paths.js";
import { withLiveLock } from "../../src/store/live-lock.js";
import { readManifest } from "../../src/store/manifest.js";
import { emptyStore } from "../store/live/backends.js";
import { event, jsonLines, temporaryFolder, testWorld, writeLog } from "./ingest-fixture.js";

const folder = temporaryFolder();
const world = testWorld();
const home = join(folder, "home");
const look = async (place: Parameters<typeof examine>[1]["place"] = { home }) => {
  const { checks, verdict } = await examine(home, { place, nodeVersion: "20.19.0" }, { ...world, now: () => NOW });
  return { verdict, ...Object.fromEntries(checks.map(({ name, status }) => [name, status])) };
};
const NOW = Date.now() as ReturnType<typeof world.now>;

test("a home is sound, and each thing that breaks in it is found", async () => {
  expect(await look()).toMatchObject({ verdict: "warn", home: "warn", lake: "warn", "live store": "ok" });
  await ingest(home, [writeLog(folder, jsonLines(Array.from({ length: 20 }, () => event())))], {}, world);
  await currentStates(home, world);
  await emptyStore(home);
  expect(await look()).toMatchObject({ home: "ok", lock: "ok", lake: "ok", states: "ok", "live store": "ok" });
  await withLiveLock({ home }, "serve", async () => expect(await look()).toMatchObject({ "live store": "warn" }));
  expect(await look({ url: "postgres://nobody@127.0.0.1:1/none" })).toMatchObject({ "live store": "fail" });

  const states = join(homePaths(home).folded, "states.bin");
  writeFileSync(states, readFileSync(states).subarray(0, -40));
  expect(await look()).toMatchObject({ states: "warn" });
  const path = join(homePaths(home).lake, readManifest(home).files[0]?.path ?? "");
  const whole = readFileSync(path);
  writeFileSync(path, whole.subarray(0, whole.length - 20));
  expect(await look()).toMatchObject({ verdict: "fail", lake: "fail" });
  writeFileSync(join(home, "lake", "manifest.json"), "{");
  expect(await look()).toMatchObject({ verdict: "fail", lake: "fail" });
});

test("an old Node and a clock of long ago are found", () => {
  expect(["18.20.1", "20.18.9", "20.19.0", "22.0.0"].map((one) => checkNode(one).status)).toEqual([
    "fail",
    "fail",
    "ok",
    "ok",
  ]);
  expect(checkClock(home, 0).status).toBe("fail");
  expect(checkClock(home, NOW).status).toBe("ok");
});
