import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { asInstant } from "../../../src/base/time.js";
import { ingest } from "../../../src/pipeline/ingest.js";
import { LiveService } from "../../../src/pipeline/live/service.js";
import { loadEvents } from "../../../src/pipeline/recover.js";
import { fromEvents } from "../../../src/pipeline/snapshot-source.js";
import { emptyStore } from "../../store/live/backends.js";
import { jsonLines, temporaryFolder, testWorld, writeLog } from "../ingest-fixture.js";
import { simulatedEvents } from "../simulated-home.js";

const folder = temporaryFolder();
const world = testWorld();
let events: { ts: number }[] = [];

beforeAll(async () => {
  events = (await simulatedEvents(folder, { users: 14, days: 25 }, world)) as { ts: number }[];
});

describe("the live service", () => {
  it("goes on from a lake, holds no event twice, and gives the features of a batch over everything", async () => {
    const cut = Math.floor(events.length * 0.9);
    const home = join(folder, "home");
    await emptyStore(home);
    await ingest(home, [writeLog(folder, jsonLines(events.slice(0, cut / 2)))], {}, world);
    // The first time it takes the lake as a whole, and after that what was added to it.
    await (await LiveService.open(home, { home }, world)).close();
    await ingest(home, [writeLog(folder, jsonLines(events.slice(0, cut)))], {}, world);
    let service = await LiveService.open(home, { home }, world);
    const tail = events.slice(cut - 50);
    const portions = [tail.slice(200), tail.slice(0, 120), tail.slice(120, 200)];
    expect(await service.add(portions[0] as object[])).toMatchObject({ duplicates: 0, rejected: [] });
    await service.close();
    // Opened again, it takes nothing of the lake again.
    service = await LiveService.open(home, { home }, world);
    expect(await service.add(portions[1] as object[])).toMatchObject({ accepted: 70, duplicates: 50 });
    expect(await service.add([...(portions[2] as object[]), null])).toMatchObject({
      accepted: 80,
      rejected: [{ index: 80, code: "NOT_AN_OBJECT" }],
    });
    const whole = join(folder, "whole");
    await ingest(whole, [writeLog(folder, jsonLines(events))], {}, world);
    const columns = await loadEvents(whole, world);
    const last = events.at(-1)?.ts as number;
    for (const at of [last, last - 86_400_000]) {
      const table = await fromEvents(columns, world).at(asInstant(at), null);
      expect(table.x.rows).toBeGreaterThan(10);
      for (let row = 0; row < table.x.rows; row++) {
        const view = await service.user(table.users[table.userIndex[row] as number] as string, at);
        const expected = table.features.map((name, j) => [name, table.x.data[row * table.x.cols + j]]);
        const found = Object.entries(view?.features ?? {}).map(([name, value]) => [name, value ?? Number.NaN]);
        expect(found).toEqual(expected);
      }
    }
    expect(service.freshThrough).toBe(new Date(last).toISOString());
    expect(await service.user("nobody", null)).toBeNull();
    await service.close();
  });

  it("of an empty home takes events, and knows nobody before", async () => {
    const home = join(folder, "empty");
    await emptyStore(home);
    const service = await LiveService.open(home, { home }, world);
    expect(service.model).toBeNull();
    expect(service.freshThrough).toBeNull();
    expect(await service.user("1", null)).toBeNull();
    expect((await service.add(events.slice(0, 20))).accepted).toBe(20);
    expect((await service.add([])).accepted).toBe(0);
    await service.close();
  });
});
