import { expect, test } from "vitest";
import {
  addChallenger,
  aliasesOf,
  loadModel,
  nameVersion,
  promoteModel,
  readIndex,
  registerModel,
  unnameVersion,
} from "../../src/registry/local.js";
import { freshHome, modelOf, world } from "./model-fixture.js";

const home = freshHome();
const [first, second, third] = [1, 2, 3].map((seed) => registerModel(home, modelOf(seed), world).version) as [
  string,
  string,
  string,
];

test("a version goes by its aliases wherever a version is asked for", () => {
  expect(aliasesOf(readIndex(home))).toEqual({});
  nameVersion(home, "before-summer", first);
  nameVersion(home, "b", "before-summer");
  nameVersion(home, "b", second);
  promoteModel(home, "before-summer");
  for (const version of [second, third]) addChallenger(home, version, []);
  expect(aliasesOf(readIndex(home))).toEqual({ "before-summer": first, b: second, champion: first, challenger: third });
  expect(loadModel(home, "challenger").model.version).toBe(third);
  unnameVersion(home, "b");
  unnameVersion(home, "b");
  expect(() => loadModel(home, "b")).toThrow(expect.objectContaining({ code: "MODEL_UNKNOWN" }));
  expect(() => loadModel(home, "constructor")).toThrow(expect.objectContaining({ code: "MODEL_UNKNOWN" }));
});

test("a name that means something else, or could not be one in MLflow, is refused", () => {
  for (const name of [
    "champion",
    "challenger",
    "latest",
    "v3",
    "",
    "A",
    "a b",
    "a/b",
    "../x",
    "__proto__",
    "a".repeat(64),
  ]) {
    expect(() => nameVersion(home, name, first)).toThrow(expect.objectContaining({ code: "VALUE_BAD" }));
  }
  expect(() => nameVersion(home, "c", "none")).toThrow(expect.objectContaining({ code: "MODEL_UNKNOWN" }));
});
