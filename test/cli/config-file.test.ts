import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { environmentConfig, readConfig } from "../../src/cli/config-file.js";
import { contextOf } from "../../src/cli/context.js";
import { temporaryFolder } from "../pipeline/ingest-fixture.js";

const folder = temporaryFolder();

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

test("a config file sets what no flag does", () => {
  const config = file("good.json", '{ "seed": 7, "threads": 1, "home": "/somewhere" }');
  const { signal } = new AbortController();
  expect(contextOf({ config }, signal).world).toMatchObject({ seed: 7, threads: 1 });
  expect(contextOf({ config, seed: "9" }, signal).world).toMatchObject({ seed: 9, threads: 1 });
});

test.each([
  ["an absent one", () => join(folder, "absent.json"), "PATH_ABSENT"],
  ["one that is no JSON", () => file("broken.json", "{"), "FILE_UNREADABLE"],
  ["an unknown key", () => file("unknown.json", '{ "sed": 1 }'), "VALUE_BAD"],
  ["a value of the wrong kind", () => file("kind.json", '{ "seed": "many" }'), "VALUE_BAD"],
  ["a list", () => file("list.json", "[]"), "VALUE_BAD"],
])("%s is refused", (_what, path, code) => {
  expect(() => readConfig(path())).toThrow(expect.objectContaining({ code }));
});

test("the key for a running service is no key of the configuration, and no misspelt one", () => {
  expect(environmentConfig({ REFRAIN_KEY: "rfr_1", REFRAIN_SEED: "7" })).toEqual({ seed: 7 });
});
