import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { asInstant } from "../../../src/base/time.js";
import { writeFeatures } from "../../../src/pipeline/features.js";
import { ingest } from "../../../src/pipeline/ingest.js";
import { openSnapshots } from "../../../src/pipeline/kept/from-states.js";
import { currentStates } from "../../../src/pipeline/kept/keep-states.js";
import { predict } from "../../../src/pipeline/predict.js";
import { loadEvents, recover } from "../../../src/pipeline/recover.js";
import { fromEvents } from "../../../src/pipeline/snapshot-source.js";
import { loadModel, verifyModels } from "../../../src/registry/local.js";
import { homePaths } from "../../../src/store/home-paths.js";
import { openLake } from "../../../src/store/lake.js";
import { readTable } from "../../../src/store/read-table.js";
import { temporaryFolder, testWorld } from "../ingest-fixture.js";

const FIXTURE = join(import.meta.dirname, "../../fixtures/home-0.1");
const folder = temporaryFolder();
const home = join(folder, "home");
const world = { ...testWorld(), threads: 1 };

beforeAll(() => cpSync(join(FIXTURE, "home"), home, { recursive: true }));

describe("a home that version 0.1 wrote", () => {
  test("opens, and its attributions still hold", async () => {
    const { manifest } = openLake(home);
    expect(manifest).toMatchObject({ format: 1, users: 8, attributions: { rows: 99, identity: 1 } });
    const before = readFileSync(homePaths(home).attributions);
    await recover(home, null, world);
    expect(openLake(home).manifest.attributions).toEqual(manifest.attributions);
    expect(readFileSync(homePaths(home).attributions).equals(before)).toBe(true);
  });

  test("gives the features that have not changed since to the bit", async () => {
    const out = join(folder, "now.csv");
    const at = asInstant(Date.UTC(2018, 9, 20));
    await writeFeatures(home, { out, cutoffs: { at }, allUsers: true }, world);
    const then = new Map((await readTable(join(FIXTURE, "features-2018-10-20.csv"), world)).map((c) => [c.name, c]));
    const now = new Map((await readTable(out, world)).map((column) => [column.name, column]));
    const names = [
      "events_28d",
      "songs_7d",
      "log_events",
      "active_days_28d",
      "is_paid",
      "sessions",
      "days_since_first_event",
    ];
    for (const name of ["user_id", "cutoff", ...names]) expect(now.get(name), name).toEqual(then.get(name));
  });

  test("names its model as outdated, rather than score with other features", async () => {
    expect(verifyModels(home)).toEqual([{ version: "cancellation-1d0d541c2763", intact: true }]);
    const scored = predict(
      await openSnapshots(home, null, world),
      loadModel(home).model,
      { users: null, at: null },
      world,
    );
    const outdated = { code: "MODEL_OUTDATED", details: { changed: expect.stringContaining("recent") } };
    await expect(scored).rejects.toMatchObject(outdated);
  });

  test("keeps states from now on, takes new events, and folds only who got some", async () => {
    expect((await currentStates(home, world)).folded).toBe(0);
    const later = await ingest(home, [join(FIXTURE, "later.jsonl.gz")], {}, world);
    expect(later).toMatchObject({ accepted: 104, duplicates: 0 });
    const { folded, kept } = await currentStates(home, world);
    expect(folded).toBeGreaterThan(0);
    expect(folded).toBeLessThan(kept.users.size);
    const whole = fromEvents(await loadEvents(home, world), world);
    const cutoff = asInstant(whole.lastTsMs);
    expect(await (await openSnapshots(home, null, world)).at(cutoff, null)).toEqual(await whole.at(cutoff, null));
  });
});

test("a home that a later version wrote is left alone, with what to do", async () => {
  const newer = join(folder, "newer");
  cpSync(join(FIXTURE, "home"), newer, { recursive: true });
  const { manifest: path } = homePaths(newer);
  const manifest = JSON.parse(readFileSync(path, "utf8"));
  const text = JSON.stringify({ ...manifest, format: 2, files: "in another way" });
  writeFileSync(path, text);
  const refusal = { code: "HOME_NEWER", exit: 3, details: { format: 2, known: 1 } };
  await expect(loadEvents(newer, world)).rejects.toMatchObject(refusal);
  await expect(ingest(newer, [join(FIXTURE, "later.jsonl.gz")], {}, world)).rejects.toMatchObject(refusal);
  await expect(recover(newer, null, world)).rejects.toThrow(/newer Refrain \(format 2; this one knows up to 1\)/);
  expect(readFileSync(path, "utf8")).toBe(text);
});
