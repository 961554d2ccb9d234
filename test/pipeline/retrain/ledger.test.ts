import { describe, expect, it } from "vitest";
import { asInstant, MS_PER_DAY, MS_PER_MINUTE } from "../../../src/base/time.js";
import { Ledger } from "../../../src/pipeline/retrain/ledger.js";
import { withLease } from "../../../src/store/live/lease.js";
import { BACKENDS, storeOfTests } from "../../store/live/backends.js";

const NOW = asInstant(1_600_000_000_000);
const at = (ms: number) => ({ now: () => asInstant(ms) });
const CAUSES = [{ kind: "time", evidence: "31 days" }] as const;

for (const { name, isAbsent, place } of BACKENDS) {
  describe.skipIf(isAbsent)(`retrainings on ${name}`, () => {
    const store = storeOfTests(place);
    const first = { name: "retraining", holder: "first" };
    const second = { name: "retraining", holder: "second" };

    it("are done by one at a time, and by the next when that one has come to an end or failed", async () => {
      const { db } = store;
      const inside = await withLease(db, first, at(NOW), async () => {
        expect(await withLease(db, second, at(NOW), async () => "both")).toBeNull();
        expect(await withLease(db, { ...second, name: "other" }, at(NOW), async () => 1)).toEqual({ value: 1 });
        return "one";
      });
      expect(inside).toEqual({ value: "one" });
      const failing = withLease(db, first, at(NOW), () => Promise.reject(new Error("broken")));
      await expect(failing).rejects.toThrow("broken");
      expect(await withLease(db, second, at(NOW), async () => "next")).toEqual({ value: "next" });
    });

    it("of ten who ask at once one gets it", async () => {
      const { db } = store;
      let begun = 0;
      const asked = Array.from({ length: 10 }, (_, i) =>
        withLease(db, { name: "retraining", holder: `p${i}` }, at(NOW), async () => {
          begun++;
          await new Promise((resolve) => setTimeout(resolve, 200));
        }),
      );
      await Promise.all(asked);
      expect(begun).toBe(1);
    });

    it("go on after a holder that died, and after a clock that went back", async () => {
      const { db } = store;
      await db.query("INSERT INTO leases VALUES ('retraining', 'dead', $1)", [NOW + MS_PER_MINUTE]);
      expect(await withLease(db, first, at(NOW), async () => 1)).toBeNull();
      expect(await withLease(db, first, at(NOW + 2 * MS_PER_MINUTE), async () => 1)).toEqual({ value: 1 });
      await db.query("INSERT INTO leases VALUES ('retraining', 'of tomorrow', $1)", [NOW + MS_PER_DAY]);
      expect(await withLease(db, first, at(NOW), async () => 1)).toEqual({ value: 1 });
    });

    it("that were running when their process died are told from those that had promoted", async () => {
      const ledger = new Ledger(store.db);
      const begun = { begunAtMs: NOW, askedBy: "schedule", causes: CAUSES, champion: "old" };
      const [before, after] = [await ledger.begin(begun), await ledger.begin(begun)];
      await ledger.deciding(after, "new");
      expect(await ledger.sweep("new", NOW + 1)).toBe(2);
      expect(await ledger.sweep("new", NOW + 2)).toBe(0);
      const told = await ledger.list({ limit: 10 });
      expect(told.map(({ id, state, endedAtMs }) => ({ id, state, endedAtMs }))).toEqual([
        { id: after, state: "promoted", endedAtMs: NOW + 1 },
        { id: before, state: "broken-off", endedAtMs: NOW + 1 },
      ]);
      expect(told[0]).toMatchObject({ causes: CAUSES, champion: "old", candidate: "new", document: null });
      expect((await ledger.lastDecided())?.id).toBe(after);
      expect(await ledger.list({ before: after, limit: 10 })).toHaveLength(1);
    });
  });
}
