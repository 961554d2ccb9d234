import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { seededRng } from "../../src/base/rng.js";
import { driftOfFiles, type FilesOptions } from "../../src/pipeline/drift/drift-of-files.js";
import { renderDrift } from "../../src/report/terminal/drift.js";
import { driftSchema } from "../../src/schema/drift-document.js";
import { needsShared, sharedPath } from "../shared.js";
import { temporaryFolder, testWorld } from "./ingest-fixture.js";

const folder = temporaryFolder();
const world = testWorld();

function table(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

type Row = Readonly<Record<string, string | number>>;

function csv(name: string, rows: readonly Row[]): string {
  const names = Object.keys(rows[0] ?? {});
  return table(
    name,
    [names, ...rows.map((row) => names.map((key) => row[key]))].map((cells) => `${cells.join(",")}\n`).join(""),
  );
}

/** Users with an id, a moment, a plan, a name, an activity. */
function users(seed: string, count: number, change: (row: Row) => Row = (row) => row): Row[] {
  const rng = seededRng(seed);
  return Array.from({ length: count }, (_, i) =>
    change({
      user_id: `${seed}-${i}`,
      seen: `2018-10-${String(1 + rng.below(28)).padStart(2, "0")} 10:00:00`,
      registration: 1_538_000_000_000 + rng.below(1_000_000_000),
      number: i + 1,
      nick: `nick ${rng.below(10_000)}`,
      plan: rng.uniform() < 0.4 ? "free" : "paid",
      songs: Math.round(200 * Math.exp(rng.normal())),
      share: rng.uniform(),
    }),
  );
}

function check(reference: string, current: string, more: Partial<FilesOptions> = {}) {
  return driftOfFiles({ reference, current, rule: "budget", drop: [], alarmBudget: 1, ...more }, world);
}

describe("drift of two tables", () => {
  const before = csv("before.csv", users("a", 150));

  test("compares what can be compared, and says what it left out", async () => {
    const found = await check(before, csv("like.csv", users("b", 140)));
    expect(driftSchema.parse(found)).toEqual(found);
    expect(found).toMatchObject({ drifted: false, alarmBudget: 1, rows: { reference: 150, current: 140 } });
    expect(found.features.map(({ name, test }) => `${name} ${test}`)).toEqual([
      "plan chi-square",
      "songs ks",
      "share ks",
    ]);
    expect(Object.fromEntries(found.leftOut.map(({ name, reason }) => [name, reason]))).toEqual({
      user_id: "it names rows",
      seen: "it is a moment in time",
      registration: "it is a moment in time",
      number: "it numbers rows",
      nick: expect.stringMatching(/^it is text of \d+ different values$/),
    });
    expect(renderDrift(found, { width: 100, color: false })).toContain("DRIFT: no alarm");
  });

  test("alarms where users behave otherwise, the same for the same seed", async () => {
    const now = csv(
      "now.csv",
      users("c", 140, (row) => ({ ...row, songs: Number(row.songs) * 2 + 30 })),
    );
    const found = await check(before, now);
    expect(found.drifted).toBe(true);
    expect(found.features.filter(({ alarmed }) => alarmed).map(({ name }) => name)).toEqual(["songs"]);
    expect(await check(before, now)).toEqual(found);
    expect(renderDrift(found, { width: 100, color: false })).toMatch(/DRIFT: ALARM[\s\S]*yes, songs/);
    expect((await check(before, now, { drop: ["songs"] })).drifted).toBe(false);
  });

  test("the reference system's rule comes with how often it is wrong", async () => {
    const found = await check(before, csv("like-2.csv", users("d", 140)), { rule: "reference" });
    expect(found.referenceRule?.falseAlarms?.share).toBeGreaterThan(0.02);
    expect(found.referenceRule?.falseAlarms?.share).toBeLessThan(0.2);
    expect(found.drifted).toBe(found.referenceRule?.drifted);
    expect(renderDrift(found, { width: 100, color: false })).toContain("random halves");
  });

  test("columns that one table alone has, and a table beside itself", async () => {
    const less = csv(
      "less.csv",
      users("e", 100).map(({ share: _, ...row }) => ({ ...row, extra: 1 })),
    );
    const found = await check(before, less);
    expect(found.leftOut).toContainEqual({ name: "share", reason: "only the reference has it" });
    expect(found.leftOut).toContainEqual({ name: "extra", reason: "the reference does not have it" });
    const same = await check(before, before);
    expect(same).toMatchObject({ drifted: false, alarm: { p: 1 } });
    expect(same.notes).toContainEqual("Both tables hold the same rows.");
  });

  test("of a user one row counts, and what only grows alarms nobody", async () => {
    const snapshots = (cutoff: string, add: number) =>
      users(cutoff, 60).flatMap(({ user_id, songs }) =>
        [1, 2, 3].map((k) => ({
          user_id,
          cutoff,
          songs_28d: Number(songs) + k,
          log_songs: add + Number(songs),
          days_to_holiday: add,
        })),
      ) as Row[];
    const found = await check(
      csv("october.csv", snapshots("2018-10-20T00:00:00.000Z", 0)),
      csv("december.csv", snapshots("2018-12-20T00:00:00.000Z", 90_000)),
    );
    expect(found).toMatchObject({ drifted: false, rows: { reference: 60, current: 60 } });
    expect(found.features.map(({ name, shownOnly }) => [name, shownOnly])).toEqual([
      ["songs_28d", null],
      ["log_songs", "cumulative"],
      ["days_to_holiday", "calendar"],
    ]);
    expect(found.notes[0]).toMatch(/one row a user/);
  });

  test("few rows, constants and blanks are no drift, and no error", async () => {
    const odd = (count: number) =>
      users("f", count).map(({ songs, plan }) => ({ songs, plan, same: 5, none: "" })) as unknown as Row[];
    const one = await check(csv("many.csv", odd(80)), csv("one.csv", odd(1)));
    expect(one.drifted).toBe(false);
    expect(one.notes).toContainEqual("1 row is too few to tell: no alarm below 10.");
    expect(one.leftOut).toContainEqual({ name: "none", reason: "it has no value in either table" });
    expect(one.features.find(({ name }) => name === "same")).toMatchObject({ p: 1, effect: 0, psi: 0 });
  });

  const bad: readonly (readonly [string, () => [string, string], RegExp, Partial<FilesOptions>])[] = [
    ["no row", () => [before, table("empty.csv", "songs,share\n")], /empty.csv: it has no row/, {}],
    ["nothing in common", () => [before, table("other.csv", "x,y\n1,2\n3,4\n")], /no column to compare/, {}],
    ["infinity", () => [before, table("inf.csv", "songs\n1.5\ninf\n")], /songs is Infinity in row 2/, {}],
    [
      "text against numbers",
      () => [before, table("text.csv", "songs\nmany\nfew\n")],
      /songs holds text, numbers in/,
      {},
    ],
    ["an unknown column", () => [before, before], /neither table has a column sogns/, { drop: ["sogns"] }],
    ["no table", () => [before, table("table.txt", "1")], /names no kind of table/, {}],
  ];
  test.each(bad)("%s is refused in a sentence", async (_, files, message, more) => {
    await expect(check(...files(), more)).rejects.toMatchObject({
      code: "TABLE_BAD",
      message: expect.stringMatching(message),
    });
  });

  test("a path that is absent is refused", async () => {
    await expect(check(before, join(folder, "absent.csv"))).rejects.toMatchObject({ code: "PATH_ABSENT" });
  });
});

const MEDIUM = "data/sparkify-medium-users/user_features.json";
describe.skipIf(needsShared(MEDIUM))("drift of the public table", () => {
  test("its users beside themselves: nothing; ids are no feature", async () => {
    const found = await check(sharedPath(MEDIUM), sharedPath(MEDIUM));
    expect(found).toMatchObject({ drifted: false, rows: { reference: 448 } });
    expect(found.leftOut).toEqual([{ name: "user_id", reason: "it names rows" }]);
  });
});
