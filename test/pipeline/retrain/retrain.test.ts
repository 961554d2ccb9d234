import { cpSync, mkdtempSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { asInstant, MS_PER_DAY } from "../../../src/base/time.js";
import type { World } from "../../../src/base/world.js";
import { loadEvents } from "../../../src/pipeline/recover.js";
import { makeCandidate, refit } from "../../../src/pipeline/retrain/candidate.js";
import { Ledger } from "../../../src/pipeline/retrain/ledger.js";
import type { MakeCandidate } from "../../../src/pipeline/retrain/make.js";
import { type RetrainOptions, type RetrainPlace, retrain } from "../../../src/pipeline/retrain/retrain.js";
import { readTraining } from "../../../src/registry/kept-training.js";
import { loadModel, readIndex, rollBack } from "../../../src/registry/local.js";
import type { EventColumns } from "../../../src/schema/event-columns.js";
import { BACKENDS, storeOfTests } from "../../store/live/backends.js";
import { temporaryFolder, testWorld } from "../ingest-fixture.js";
import { misledHome, QUICK, shuffledLabels } from "./misled-home.js";

const RULE = {
  everyDays: 30,
  pauseDays: 7,
  floors: { rocAuc: null, liftAt10: null, f1: null },
  promotion: "not-worse",
  positivesMin: 50,
} as const;
const ASKED: RetrainOptions = { rule: RULE, ifDue: false, dryRun: false, askedBy: "a test", holder: "this process" };

const folder = temporaryFolder();
const trained = join(folder, "trained");
let endMs = 0;
const worldAt = (days: number): World => ({ ...testWorld(), now: () => asInstant(endMs + days * MS_PER_DAY) });

beforeAll(async () => {
  endMs = await misledHome(trained, testWorld());
}, 120_000);

/** Models of the home's lake, as retraining makes them, but by quick audits; `changed` may spoil what they learn from. */
function maker(home: string, changed: (columns: EventColumns) => EventColumns = (columns) => columns): MakeCandidate {
  const columns = async (world: World) => changed(await loadEvents(home, world));
  return {
    candidate: async (champion, positivesMin, world) =>
      (await makeCandidate(await columns(world), { champion, options: QUICK, positivesMin }, world)).made,
    refit: async (candidate, _, world) => (await refit(await columns(world), candidate, QUICK, world)).made,
  };
}

const QUIET: RetrainPlace["sources"] = {
  quality: async () => null,
  driftAlarm: async () => null,
  blockFlaws: async () => [],
};

for (const { name, isAbsent, place: placeOf } of BACKENDS.slice(0, 1)) {
  describe.skipIf(isAbsent)(`a retraining on ${name}`, () => {
    const store = storeOfTests(placeOf);
    const placeIn = (changes: Partial<RetrainPlace> = {}): RetrainPlace => {
      const home = mkdtempSync(join(folder, "home-"));
      cpSync(trained, home, { recursive: true });
      return { home, db: store.db, sources: QUIET, make: maker(home), ...changes };
    };

    it("trains without the latest block, compares on it, and lets the better or equal serve, fitted on all", async () => {
      const place = placeIn();
      const make: MakeCandidate = {
        ...place.make,
        candidate: async (...asked) => {
          tried = await place.make.candidate(...asked);
          return tried;
        },
      };
      let tried: Awaited<ReturnType<MakeCandidate["candidate"]>> | null = null;
      const before = loadModel(place.home).model;
      const due = await retrain({ ...place, make }, { ...ASKED, ifDue: true }, worldAt(0));
      expect(due).toMatchObject({ due: true, causes: [{ kind: "time" }], ledgerId: 1, promoted: true, reasons: [] });
      const { model, entry } = loadModel(place.home);
      expect(model.version).toBe(due.serves);
      expect(model.version).not.toBe(before.version);
      expect(entry).toMatchObject({ cause: "time", ledgerId: 1 });
      // What serves has learned from the block; its figures are the candidate's, who had not.
      expect(model.training.throughMs).toBeGreaterThan(Date.parse(due.block?.to ?? ""));
      expect(due.block?.positives).toBeGreaterThanOrEqual(50);
      expect(due.candidate?.averagePrecision?.value).toBe(model.gate?.averagePrecision);
      const { averagePrecision: ours } = due.candidate ?? {};
      const { averagePrecision: theirs } = due.champion;
      expect(due.difference?.value).toBeCloseTo((ours?.value ?? 0) - (theirs?.value ?? 0), 12);
      const [told] = await new Ledger(store.db).list({ limit: 5 });
      expect(told).toMatchObject({ state: "promoted", askedBy: "a test", candidate: model.version });
      expect(told?.document).toEqual(due);

      const again = await retrain(place, { ...ASKED, ifDue: true }, worldAt(0));
      expect(again).toMatchObject({ due: false, causes: [], ledgerId: null, serves: model.version });
      expect(await new Ledger(store.db).list({ limit: 5 })).toHaveLength(1);

      expect(readTraining(place.home, model.version)?.plots).not.toBeNull();
      // Somebody takes it out of service; the same data make the same model, and it does not come back by itself.
      expect(rollBack(place.home)).toBe(before.version);
      const same: MakeCandidate = {
        candidate: async () => tried as NonNullable<typeof tried>,
        refit: async () => model,
      };
      const back = await retrain({ ...place, make: same }, ASKED, worldAt(0));
      expect(back).toMatchObject({ promoted: false, serves: before.version });
      expect(back.reasons).toContainEqual(expect.stringContaining("rolled back"));
    }, 60_000);

    it("of labels that were shuffled stays a challenger, with its reasons", async () => {
      const place = placeIn();
      const { champion } = readIndex(place.home);
      const calm = { ...ASKED, rule: { ...RULE, everyDays: 300 } };
      const document = await retrain(
        { ...place, make: maker(place.home, (columns) => shuffledLabels(columns, endMs - 45 * MS_PER_DAY)) },
        calm,
        worldAt(0),
      );
      expect(document).toMatchObject({ due: false, causes: [{ kind: "asked" }], promoted: false, serves: champion });
      expect(document.reasons).toContainEqual(expect.stringContaining("lift"));
      expect(readIndex(place.home)).toMatchObject({ champion, challengers: [document.candidate?.version] });
    }, 60_000);

    it("broken off at any step leaves what served serving, and the next begins anew", async () => {
      const place = placeIn();
      const { champion } = readIndex(place.home);
      const died = new Error("the process died");
      const make = { candidate: () => Promise.reject(died), refit: () => Promise.reject(died) };
      await expect(retrain({ ...place, make }, ASKED, worldAt(0))).rejects.toThrow("the process died");
      expect(readIndex(place.home).champion).toBe(champion);
      expect(await new Ledger(store.db).lastDecided()).toBeNull();
      const dry = await retrain(place, { ...ASKED, dryRun: true }, worldAt(0));
      expect(dry).toMatchObject({ due: true, causes: [{ kind: "time" }], candidate: null, ledgerId: null });
    });

    it("says what is missing: a model, time enough, users who left", async () => {
      const empty = placeIn({ home: mkdtempSync(join(folder, "empty-")) });
      await expect(retrain(empty, ASKED, worldAt(0))).rejects.toMatchObject({ code: "NO_MODEL" });
      const place = placeIn();
      const few = { ...ASKED, rule: { ...RULE, positivesMin: 100_000 } };
      const document = await retrain(place, few, worldAt(0));
      expect(document).toMatchObject({ promoted: false });
      expect(document.reasons.join(" ")).toMatch(/Too few|too few|needed/);
      const back = await retrain(place, { ...ASKED, ifDue: true }, worldAt(-400));
      expect(back).toMatchObject({ due: false, ledgerId: null });
    }, 60_000);
  });
}
