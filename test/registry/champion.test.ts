import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  addChallenger,
  CHALLENGERS_KEPT,
  dropChallenger,
  loadModel,
  mayBePromoted,
  modelPath,
  promoteModel,
  readIndex,
  registerModel,
  rollBack,
} from "../../src/registry/local.js";
import type { ModelFile } from "../../src/registry/model-file.js";
import { freshHome, modelOf, world } from "./model-fixture.js";

const withCode = (code: string) => expect.objectContaining({ code });

/** A home with models of the seeds, none of which serves. */
function homeWith(...models: readonly ModelFile[]): string {
  const home = freshHome();
  for (const model of models) registerModel(home, model, world);
  return home;
}

const MODELS = [1, 2, 3, 4, 5].map((seed) => modelOf(seed));
const [first, second, third] = MODELS.map(({ version }) => version) as [string, string, string];

/** Writes over a part of the index, as nobody should. */
function tamper(home: string, change: object): void {
  const path = join(dirname(modelPath(home, "x")), "index.json");
  writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, "utf8")), ...change }));
}

describe("who serves", () => {
  test("nobody at first", () => {
    const home = homeWith(modelOf(1));
    expect(() => loadModel(home)).toThrow(withCode("NO_MODEL"));
    expect(() => rollBack(home)).toThrow(withCode("NO_MODEL"));
    expect(() => promoteModel(home, "none")).toThrow(withCode("MODEL_UNKNOWN"));
    expect(() => loadModel(home, "none")).toThrow(withCode("MODEL_UNKNOWN"));
  });

  test("a leaky model or one that failed an audit never, whoever asks; one that could not be judged may", () => {
    const cases = [
      [modelOf(1, { leaky: true }), "its protocol leaks the future"],
      [modelOf(2, { verdict: "failed" }), "it failed an audit"],
      [modelOf(3, { verdict: "inconclusive" }), null],
    ] as const;
    const home = homeWith(...cases.map(([model]) => model));
    for (const [{ version }, reason] of cases) {
      expect(mayBePromoted(home, version)).toBe(reason === null);
      const barred = expect.objectContaining({ code: "PROMOTION_BARRED", details: { version, reason } });
      if (reason === null) promoteModel(home, version);
      else for (const asked of [false, true]) expect(() => promoteModel(home, version, { asked })).toThrow(barred);
    }
    expect(readIndex(home).champion).toBe(cases[2][0].version);
  });

  test("what the index says of a model does not make it better than its file says", () => {
    const [good, failed] = [modelOf(1), modelOf(2, { verdict: "failed" })];
    const home = homeWith(good, failed);
    promoteModel(home, good.version);
    const versions = readIndex(home).versions.map((entry) => ({ ...entry, verdict: "passed" }));
    tamper(home, { versions });
    expect(() => promoteModel(home, failed.version)).toThrow(withCode("PROMOTION_BARRED"));
    tamper(home, { champion: failed.version });
    expect(() => loadModel(home)).toThrow(withCode("PROMOTION_BARRED"));
    tamper(home, { champion: good.version, previous: [failed.version] });
    expect(() => rollBack(home)).toThrow(withCode("MODEL_BROKEN"));
    expect(readIndex(home).champion).toBe(good.version);
  });

  test("a changed file is not promoted, and a rollback goes past it", () => {
    const home = homeWith(...MODELS);
    for (const version of [first, second, third]) promoteModel(home, version);
    rmSync(modelPath(home, second));
    expect(() => promoteModel(home, second)).toThrow(withCode("MODEL_BROKEN"));
    expect(rollBack(home)).toBe(first);
    expect(readIndex(home)).toMatchObject({ champion: first, previous: [], rolledBack: [third] });
  });
});

describe("a rollback", () => {
  test("goes through those that served before, latest first", () => {
    const home = homeWith(...MODELS);
    for (const version of [first, second, third]) {
      promoteModel(home, version);
      promoteModel(home, version);
    }
    expect(readIndex(home)).toMatchObject({ champion: third, previous: [second, first] });
    expect(rollBack(home)).toBe(second);
    expect(loadModel(home).model.version).toBe(second);
    expect(rollBack(home)).toBe(first);
    expect(() => rollBack(home)).toThrow(withCode("NO_MODEL"));
    expect(readIndex(home).champion).toBe(first);
  });

  test("lasts: the one that was taken out comes back only when somebody asks", () => {
    const home = homeWith(...MODELS);
    for (const version of [first, second]) promoteModel(home, version);
    rollBack(home);
    expect(mayBePromoted(home, second)).toBe(false);
    expect(() => promoteModel(home, second)).toThrow(/was rolled back/);
    promoteModel(home, second, { asked: true });
    expect(readIndex(home)).toMatchObject({ champion: second, previous: [first], rolledBack: [] });
  });
});

describe("challengers", () => {
  test("say why; the one that came first leaves, and a promoted one is none any more", () => {
    const home = homeWith(...MODELS);
    promoteModel(home, first);
    const [, ...others] = MODELS.map(({ version }) => version);
    for (const version of others) addChallenger(home, version, [`${version} was not better`]);
    const kept = others.slice(-CHALLENGERS_KEPT);
    expect(readIndex(home).challengers).toEqual(kept);
    addChallenger(home, kept[0] as string, ["still not"]);
    addChallenger(home, first, ["it serves"]);
    expect(readIndex(home).challengers).toEqual(kept);
    const reasons = () => readIndex(home).versions.map((entry) => entry.reasons);
    expect(reasons()).toEqual([
      undefined,
      undefined,
      ["still not"],
      ...kept.slice(1).map((v) => [`${v} was not better`]),
    ]);
    promoteModel(home, kept[1] as string);
    dropChallenger(home, kept[2] as string);
    dropChallenger(home, kept[2] as string);
    expect(readIndex(home).challengers).toEqual([kept[0]]);
    expect(reasons()).toEqual([undefined, undefined, ["still not"], undefined, undefined]);
  });

  test("may have failed an audit, but not leak: that could not score the present", () => {
    const [leaky, failed] = [modelOf(1, { leaky: true }), modelOf(2, { verdict: "failed" })];
    const home = homeWith(leaky, failed);
    addChallenger(home, failed.version, ["it failed an audit"]);
    expect(() => addChallenger(home, leaky.version, [])).toThrow(withCode("VALUE_BAD"));
    expect(() => addChallenger(home, "none", [])).toThrow(withCode("MODEL_UNKNOWN"));
    expect(readIndex(home).challengers).toEqual([failed.version]);
  });
});

test("whatever is done in whatever order, nobody has two places, and what was rolled back stays out", () => {
  const version = fc.constantFrom(...MODELS.map((model) => model.version));
  const step = fc.oneof(
    fc.record({ act: fc.constantFrom("promote" as const, "ask" as const, "add" as const, "drop" as const), version }),
    fc.record({ act: fc.constant("roll back" as const), version }),
  );
  const home = homeWith(...MODELS);
  fc.assert(
    fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
      tamper(home, { champion: null, previous: [], challengers: [], rolledBack: [] });
      for (const { act, version } of steps) {
        const before = readIndex(home);
        try {
          if (act === "promote" || act === "ask") promoteModel(home, version, { asked: act === "ask" });
          else if (act === "add") addChallenger(home, version, ["a reason"]);
          else if (act === "drop") dropChallenger(home, version);
          else rollBack(home);
        } catch {
          expect(readIndex(home)).toEqual(before);
        }
        const { champion, previous, challengers, rolledBack } = readIndex(home);
        const served = [...(champion === null ? [] : [champion]), ...previous];
        expect(new Set([...served, ...rolledBack]).size).toBe(served.length + rolledBack.length);
        expect(new Set(challengers).size).toBe(challengers.length);
        expect(challengers.length).toBeLessThanOrEqual(CHALLENGERS_KEPT);
        expect(challengers).not.toContain(champion);
        if (before.champion !== null) expect(champion).not.toBeNull();
        if (act !== "ask") expect(rolledBack).toEqual(expect.arrayContaining(before.rolledBack));
      }
    }),
    { numRuns: 25 },
  );
});
