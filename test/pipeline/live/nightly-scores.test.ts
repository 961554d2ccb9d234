import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { asInstant } from "../../../src/base/time.js";
import { openSnapshots } from "../../../src/pipeline/kept/from-states.js";
import { type NightlyMessage, nightlyFolder } from "../../../src/pipeline/live/nightly-scores.js";
import { LiveService } from "../../../src/pipeline/live/service.js";
import { predict } from "../../../src/pipeline/predict.js";
import { writeScores } from "../../../src/pipeline/write-scores.js";
import { loadModel } from "../../../src/registry/local.js";
import { emptyStore } from "../../store/live/backends.js";
import { temporaryFolder, testWorld } from "../ingest-fixture.js";
import { storedHome } from "../stored-home.js";

const folder = temporaryFolder();
const home = join(folder, "home");
let now = Date.parse("2030-05-01T02:59:00Z");
const world = { ...testWorld(), now: () => asInstant(now) };
let service: LiveService;

beforeAll(async () => {
  storedHome(home, world);
  await emptyStore(home);
  service = await LiveService.open(home, { home }, world);
});
afterAll(() => service.close());

const nightly = (send: ((message: NightlyMessage) => Promise<void>) | null) =>
  service.scores.nightly({ home, hour: 3, keptDays: 2, send });
const tables = () => readdirSync(nightlyFolder(home)).sort();

describe("the nightly table of scores", () => {
  it("is not due before its hour", async () => {
    expect(await nightly(null)).toBeNull();
  });

  it("holds what a batch over the same events scores, is told of, and is made again until that was heard", async () => {
    now = Date.parse("2030-05-01T03:00:00Z");
    await expect(
      nightly(async () => {
        throw new Error("nobody listens");
      }),
    ).rejects.toThrow("nobody listens");
    const heard: NightlyMessage[] = [];
    const send = async (message: NightlyMessage) => {
      heard.push(message);
    };
    expect(await nightly(send)).toBe("2030-05-01");
    expect(tables()).toEqual(["2030-05-01.csv", "2030-05-01.parquet"]);
    const batch = await predict(await openSnapshots(home, null, world), loadModel(home).model, NOW, world);
    const expected = join(folder, "batch.csv");
    await writeScores(expected, batch, world);
    expect(readFileSync(join(nightlyFolder(home), "2030-05-01.csv"), "utf8")).toBe(readFileSync(expected, "utf8"));
    expect(heard).toEqual([
      {
        kind: "scores",
        day: "2030-05-01",
        modelVersion: batch.modelVersion,
        asOf: batch.asOf,
        simulated: true,
        baseRate: batch.baseRate,
        users: batch.users.length,
        files: tables(),
        riskiest: batch.users,
      },
    ]);
    expect(await nightly(send)).toBeNull();
    expect(heard).toHaveLength(1);
  });

  it("is made each day, and the oldest go", async () => {
    for (const day of ["2030-05-02", "2030-05-03"]) {
      now = Date.parse(`${day}T23:00:00Z`);
      expect(await nightly(null)).toBe(day);
    }
    expect(tables()).toEqual(["02.csv", "02.parquet", "03.csv", "03.parquet"].map((end) => `2030-05-${end}`));
  });
});

const NOW = { users: null, at: null };
