import { performance } from "node:perf_hooks";
import { setTimeout } from "node:timers/promises";
import { expect, it } from "vitest";
import { keepScores } from "../../src/cli/keep-scores.js";
import { LoopLoad } from "../../src/cli/loop-load.js";
import { Upkeep } from "../../src/cli/upkeep.js";
import { LiveService } from "../../src/pipeline/live/service.js";
import { temporaryFolder, testWorld } from "../pipeline/ingest-fixture.js";
import { storedHome } from "../pipeline/stored-home.js";

/** Keeps the thread busy. */
function work(ms: number): void {
  for (const end = performance.now() + ms; performance.now() < end; );
}

it("the load of the event loop is that since it was asked last", async () => {
  const load = new LoopLoad();
  work(50);
  expect(load.wasBusy()).toBe(true);
  await setTimeout(200);
  expect(load.wasBusy()).toBe(false);
});

it("everybody is scored, and who changed follows, also while the process has much to do", async () => {
  const home = `${temporaryFolder()}/home`;
  storedHome(home, testWorld());
  const service = await LiveService.open(home, { home }, testWorld());
  const upkeep = new Upkeep(testWorld().log);
  const busy = setInterval(() => work(30), 40);
  try {
    keepScores(upkeep, service);
    const rows = () => service.scores.page({}, { after: null, limit: 1_000 });
    while ((await rows()).length === 0) await setTimeout(50);
    const [first] = await rows();
    const ts = (first?.asOfMs ?? 0) + 60_000;
    await service.add([{ ts, userId: first?.userId, sessionId: 987_654, itemInSession: 0, page: "Thumbs Up" }]);
    const seen = async () => (await rows()).find(({ userId }) => userId === first?.userId)?.lastSeenMs;
    while ((await seen()) !== ts) await setTimeout(50);
  } finally {
    clearInterval(busy);
    await upkeep.stop();
    await service.close();
  }
}, 60_000);

it("what waits between portions ends when the service stops", async () => {
  const upkeep = new Upkeep(testWorld().log);
  const paused = upkeep.pause(60_000);
  await upkeep.stop();
  expect(await paused).toBe(false);
});
