import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { configOf, environmentConfig, readConfig } from "../../src/cli/config-file.js";
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

const refused = (name: RegExp, hint: RegExp) =>
  expect.objectContaining({
    code: "VALUE_BAD",
    message: expect.stringMatching(name),
    hint: expect.stringMatching(hint),
  });

test("the environment wins over the file, and flags over both", () => {
  const config = file("both.json", '{ "port": 1, "host": "a.example", "threads": 3 }');
  expect(configOf(config, { REFRAIN_PORT: "2", REFRAIN_HOST: "" })).toEqual({ port: 2, host: "a.example", threads: 3 });
  const { signal } = new AbortController();
  expect(contextOf({ config, threads: "4" }, signal)).toMatchObject({ world: { threads: 4 }, config: { port: 1 } });
  expect(contextOf({ config, verbose: true }, signal).config.logLevel).toBe("debug");
});

test.each([
  ['{ "ports": 1 }', /ports/, /Did you mean port\?/],
  ['{ "requestPerSecond": 1 }', /requestPerSecond/, /requestsPerSecond/],
  ['{ "colour": 1 }', /colour/, /It may hold home, /],
  ['{ "databaseUrl": "postgres://u:p@h/d" }', /databaseUrl/, /DATABASE_URL in the environment/],
  ['{ "port": 70000 }', /port cannot be 70000/, /port that serve listens on/],
  ['{ "logLevel": "loud" }', /logLevel/, /expected one of/],
])("%s is refused by name", (text, name, hint) => {
  const path = file("refused.json", text);
  expect(() => readConfig(path)).toThrow(refused(name, hint));
  expect(() => readConfig(path)).not.toThrow(/p@h/);
});

test.each([
  [{ REFRAIN_PROT: "1" }, /REFRAIN_PROT/, /REFRAIN_PORT/],
  [{ REFRAIN_PORT: "many" }, /REFRAIN_PORT/, /port that serve/],
  [{ REFRAIN_POOL_SIZE: "0" }, /REFRAIN_POOL_SIZE/, /connections/],
])("the environment %j is refused by name", (env, name, hint) => {
  expect(() => environmentConfig(env)).toThrow(refused(name, hint));
});

test("variables of others, and those of our own tests, are left alone", () => {
  expect(environmentConfig({ REFRAIN_REQUIRE_ALL: "1", REFRAIN_BENCH_PEAK: "x", PORT: "1", PATH: "/bin" })).toEqual({});
});
