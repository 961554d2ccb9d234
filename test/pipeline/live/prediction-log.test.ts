import { setTimeout } from "node:timers/promises";
import { beforeEach, describe, expect, test } from "vitest";
import { RefrainError } from "../../../src/base/errors.js";
import { LiveEvents } from "../../../src/pipeline/live/live-events.js";
import { PredictionLog } from "../../../src/pipeline/live/prediction-log.js";
import { predictionsOf, type StoredPrediction } from "../../../src/pipeline/live/prediction-table.js";
import { askedThrough } from "../../store/live/asked-through.js";
import { BACKENDS, storeOfTests } from "../../store/live/backends.js";
import { coded } from "../incremental/both-ways.js";
import { event, NOW_MS, testWorld } from "../ingest-fixture.js";

const prediction = (userId: string, madeAtMs: number): StoredPrediction => ({
  userId,
  madeAtMs,
  asOfMs: NOW_MS,
  modelVersion: "cancellation-1",
  probability: 1 / 3,
  isChurn: true,
  riskLevel: "medium",
  atRisk: false,
  expectedDaysLeft: userId === "8" ? null : 20 / 3,
  reasons: [
    { feature: "songs_7d", value: 0.1, effect: -2 / 3 },
    { feature: 'say "x\\y"', value: null, effect: 1e-9 },
  ],
});

/** A world that keeps its warnings. */
function warned() {
  const warnings: string[] = [];
  const log = { debug() {}, info() {}, warn: (message: string) => warnings.push(message) };
  return { warnings, world: { log } };
}

for (const { name, isAbsent, place } of BACKENDS) {
  describe.skipIf(isAbsent)(`predictions are stored behind their answers: ${name}`, () => {
    const store = storeOfTests(place);
    /** What every statement does once it is done, for a store that is away or loses its answer. */
    let after: (() => void) | null;
    let before: (() => void) | null;

    beforeEach(async () => {
      after = before = null;
      await new LiveEvents(store.db, testWorld()).add(coded(["ada", "bob"].map((userId) => event({ userId }))));
    });

    const away = () => {
      throw new RefrainError("STORE_UNAVAILABLE", { reason: "it is away" });
    };
    const watched = () =>
      askedThrough(store.db, async (sql, text, values) => {
        before?.();
        const rows = await sql.query(text, values);
        after?.();
        return rows;
      });
    const stored = async () =>
      (await predictionsOf(store.db, "ada", { limit: 10_000 })).map(({ madeAtMs }) => madeAtMs);

    test("within a second, as they were answered, the newest first", async () => {
      const log = new PredictionLog(watched(), warned().world);
      for (const at of [1, 2, 2, 3]) log.add(prediction("ada", at));
      log.add(prediction("bob", 9));
      await setTimeout(900);
      expect(log.waiting).toBe(0);
      expect(await stored()).toEqual([3, 2, 2, 1]);
      expect(await predictionsOf(store.db, "ada", { limit: 1 })).toEqual([prediction("ada", 3)]);
      expect(await predictionsOf(store.db, "bob", { limit: 5 })).toEqual([prediction("bob", 9)]);
      expect(await predictionsOf(store.db, "nobody", { limit: 5 })).toEqual([]);
      await log.close();
    });

    test("the rest when the service closes", async () => {
      const log = new PredictionLog(watched(), warned().world);
      for (let at = 0; at < 1_203; at++) log.add(prediction("ada", at));
      await log.close();
      expect(log.dropped).toBe(0);
      expect(await stored()).toHaveLength(1_203);
    });

    test("once, where the answer to a statement is lost and it is sent again", async () => {
      const log = new PredictionLog(watched(), warned().world);
      for (const at of [1, 1, 2]) log.add(prediction("ada", at));
      after = away;
      await expect(log.flush()).rejects.toThrow("it is away");
      expect(log.waiting).toBe(3);
      after = null;
      await log.close();
      expect(await stored()).toEqual([2, 1, 1]);
    });

    test("while the store is away they wait, and beyond the bound the oldest are dropped, counted and told of", async () => {
      const { warnings, world } = warned();
      const log = new PredictionLog(watched(), world, { most: 100 });
      before = away;
      for (let at = 0; at < 5_000; at++) log.add(prediction("ada", at));
      await expect(log.flush()).rejects.toThrow("it is away");
      expect(log.waiting).toBeLessThanOrEqual(600);
      expect(log.dropped + log.waiting).toBe(5_000);
      expect(warnings.join()).toContain("predictions are dropped");
      before = null;
      await log.flush();
      expect(warnings.at(-1)).toBe(`${log.dropped} predictions were answered and not stored`);
      expect(await stored()).toEqual(Array.from({ length: 5_000 - log.dropped }, (_, i) => 4_999 - i));
      await log.close();
    });

    test("not of a user who is gone from the store", async () => {
      const log = new PredictionLog(watched(), warned().world);
      log.add(prediction("ada", 1));
      await store.db.query("DELETE FROM user_states WHERE user_id = 'ada'");
      await log.close();
      expect(await stored()).toEqual([]);
    });

    test("a store that is away when the service closes keeps it from closing no longer", async () => {
      const { warnings, world } = warned();
      const log = new PredictionLog(watched(), world);
      log.add(prediction("ada", 1));
      before = away;
      await log.close();
      expect([log.dropped, log.waiting]).toEqual([1, 0]);
      expect(warnings.at(-1)).toBe("1 predictions were answered and not stored");
    });
  });
}
