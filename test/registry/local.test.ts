import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { describe, expect, test } from "vitest";
import {
  loadModel,
  modelPath,
  promoteModel,
  readIndex,
  registerMade,
  registerModel,
  verifyModels,
} from "../../src/registry/local.js";
import { sha256 } from "../../src/registry/model-file.js";
import { freshHome, modelOf, world, worldAt } from "./model-fixture.js";

describe("versions", () => {
  test("are the label and twelve digits of the SHA-256 of everything else", () => {
    const { version, ...body } = modelOf(1);
    expect(version).toBe(`cancellation-${sha256(JSON.stringify(body)).slice(0, 12)}`);
    expect(modelOf(1)).toEqual(modelOf(1));
    expect(modelOf(2).version).not.toBe(version);
  });

  test("a model comes back as it was registered; again, it changes nothing", () => {
    const home = freshHome();
    const model = modelOf(1);
    const entry = registerModel(home, model, worldAt(86_400_000));
    expect(entry).toMatchObject({
      version: model.version,
      registeredAt: "1970-01-02T00:00:00.000Z",
      verdict: "passed",
    });
    expect(loadModel(home, model.version)).toEqual({ model, entry });
    expect(registerModel(home, model, worldAt(99_999_999))).toEqual(entry);
    expect(readIndex(home)).toMatchObject({ versions: [entry], champion: null, previous: [] });
  });
});

describe("a model file that was touched is not used", () => {
  test("changed, cut short or gone: MODEL_BROKEN, and verify names it", () => {
    for (const harm of [
      (path: string) => writeFileSync(path, readFileSync(path, "utf8").replace("1.1", "1.2")),
      (path: string) => writeFileSync(path, ""),
      (path: string) => rmSync(path),
    ]) {
      const home = freshHome();
      const [first, second] = [modelOf(1), modelOf(2)];
      for (const model of [first, second]) registerModel(home, model, world);
      promoteModel(home, first.version);
      expect(verifyModels(home).map(({ intact }) => intact)).toEqual([true, true]);
      harm(modelPath(home, first.version));
      expect(() => loadModel(home)).toThrow(expect.objectContaining({ code: "MODEL_BROKEN" }));
      expect(loadModel(home, second.version).model).toEqual(second);
      expect(verifyModels(home).map(({ intact }) => intact)).toEqual([false, true]);
    }
  });
});

test("an index of an older version of Refrain reads: nobody challenges in it", () => {
  const home = freshHome();
  const entry = registerModel(home, modelOf(1), world);
  const old = { versions: [entry], champion: entry.version, previous: [] };
  writeFileSync(`${dirname(modelPath(home, "x"))}/index.json`, JSON.stringify(old));
  expect(readIndex(home)).toEqual({ ...old, challengers: [], aliases: {}, rolledBack: [] });
  expect(loadModel(home).entry).toEqual(entry);
});

test("what the loop trained says why, and which entry of the ledger it is", () => {
  const home = freshHome();
  const entry = registerMade(home, { model: modelOf(1), cause: "drift", ledgerId: 7 }, world);
  expect(readIndex(home).versions).toEqual([entry]);
  expect(entry).toMatchObject({ cause: "drift", ledgerId: 7 });
});
