import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { type FeaturesOptions, writeFeatures } from "../../src/pipeline/features.js";
import { ingest } from "../../src/pipeline/ingest.js";
import { recoverIfNeeded } from "../../src/pipeline/recover.js";
import { readEventColumns } from "../../src/store/read-event-columns.js";
import { userRanges } from "../../src/store/user-ranges.js";
import { temporaryFolder, testWorld } from "./ingest-fixture.js";
import { simulatedLog } from "./simulated-home.js";

const folder = temporaryFolder();
const home = join(folder, "home");
const world = testWorld();

beforeAll(async () => {
  const { log } = await simulatedLog(folder, { users: 14, days: 30 }, world);
  await ingest(home, [log], {}, world);
});

describe("features of a lake that is read a range of users at a time", () => {
  it.each([
    ["every two days", { cutoffs: { everyDays: 2 }, allUsers: false }],
    ["the whole history", { cutoffs: "whole-history", allUsers: true }],
  ] as const)("are those of the whole lake: %s", async (_, options: Omit<FeaturesOptions, "out">) => {
    const whole = join(folder, "whole.csv");
    const parts = join(folder, "parts.csv");
    const { seconds: _whole, file: _file, ...expected } = await writeFeatures(home, { ...options, out: whole }, world);
    const {
      seconds: _parts,
      file: _other,
      ...found
    } = await writeFeatures(home, { ...options, out: parts }, world, 400);
    expect(found).toEqual(expected);
    expect(found.rows).toBeGreaterThan(10);
    expect(readFileSync(parts, "utf8")).toBe(readFileSync(whole, "utf8"));
  });

  it("holds no more at once than asked for, but for a user who has more", async () => {
    const lake = await recoverIfNeeded(home, world);
    const all = await readEventColumns(lake, world);
    const { ranges, ...span } = await userRanges(lake, 400, world);
    expect(ranges.length).toBeGreaterThan(3);
    const users: string[] = [];
    let events = 0;
    for (const range of ranges) {
      const columns = await readEventColumns(lake, world, range);
      if (columns.tsMs.length > 400) expect(columns.users).toHaveLength(1);
      users.push(...columns.users);
      events += columns.tsMs.length;
    }
    expect(users).toEqual(all.users);
    expect(events).toBe(all.tsMs.length);
    expect(span).toEqual({
      firstTsMs: all.tsMs.reduce((a, b) => Math.min(a, b)),
      lastTsMs: all.tsMs.reduce((a, b) => Math.max(a, b)),
    });
  });
});
