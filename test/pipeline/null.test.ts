import { join } from "node:path";
import { expect, test } from "vitest";
import { seededRng } from "../../src/base/rng.js";
import { runForward } from "../../src/evaluate/forward.js";
import { bootstrapIntervals } from "../../src/evaluate/intervals.js";
import { learnerOf } from "../../src/evaluate/learner.js";
import { logistic } from "../../src/models/logistic.js";
import { audit } from "../../src/pipeline/audit.js";
import { ingest } from "../../src/pipeline/ingest.js";
import { loadEvents } from "../../src/pipeline/recover.js";
import { prepare } from "../../src/pipeline/train/prepare.js";
import { temporaryFolder, testWorld } from "./ingest-fixture.js";
import { simulatedLog, UNTUNED } from "./simulated-home.js";

const folder = temporaryFolder();

test("in a world where churn depends on nothing, the honest protocol finds nothing", async () => {
  const world = { ...testWorld(), threads: 1 };
  const home = join(folder, "home");
  const { log } = await simulatedLog(folder, { users: 240, seed: 3, scenario: "null" }, world);
  await ingest(home, [log], { map: {} }, world);
  const columns = await loadEvents(home, world);
  const { data, tests, shape } = await prepare(columns, UNTUNED, world);
  const learner = learnerOf(logistic, { defaults: { ...logistic.defaults, C: 0.003 } });
  const { rows, p } = runForward(data, { learner, splits: tests, shape, search: "none" }, world);
  const scored = { y: rows.y, p, user: rows.user };
  const options = { level: 0.999, resamples: 4_000, metrics: ["rocAuc"] } as const;
  const { low = 1, high = 0 } = bootstrapIntervals(scored, options, seededRng(1)).intervals.rocAuc ?? {};
  expect(low).toBeLessThanOrEqual(0.5);
  expect(high).toBeGreaterThanOrEqual(0.5);
  // An interval that holds everything would say nothing.
  expect(high - low).toBeLessThan(0.5);
  // Nor do the audits raise a false alarm.
  const audits = await audit(columns, UNTUNED, world);
  expect(audits.verdict).not.toBe("failed");
  expect(audits.futureShuffle.verdict).toBe("passed");
  expect(audits.oneFeature).toMatchObject({ verdict: "passed", alarms: [] });
});
