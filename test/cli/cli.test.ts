import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import type { ErrorCode } from "../../src/base/errors.js";
import { contextOf } from "../../src/cli/context.js";
import { isActionable } from "../../src/features/actionable.js";
import { POINT_IN_TIME } from "../../src/features/catalogue.js";
import type { RunDocument } from "../../src/schema/documents.js";
import { withHomeLock } from "../../src/store/home-lock.js";
import { temporaryFolder } from "../pipeline/ingest-fixture.js";
import { needsShared, sharedPath } from "../shared.js";
import { type Ended, inOneProcess, MAIN } from "./one-process.js";

const RAW = "data/sparkify-raw-users/events.jsonl";
const folder = temporaryFolder();
const home = join(folder, "home");
const env = { ...process.env, REFRAIN_HOME: home };

/** Runs the command line, as its users do; `whileRunning` sees the process. */
function refrain(args: readonly string[], whileRunning: (child: ChildProcess) => void = () => {}): Promise<Ended> {
  return new Promise((done, failed) => {
    const child = spawn(process.execPath, [MAIN, ...args], { env, cwd: folder });
    let [stdout, stderr] = ["", ""];
    child.stdout.on("data", (bytes: Buffer) => {
      stdout += bytes.toString();
    });
    child.stderr.on("data", (bytes: Buffer) => {
      stderr += bytes.toString();
    });
    child.on("error", failed);
    child.on("close", (code) => done({ code, stdout, stderr }));
    whileRunning(child);
  });
}

/** The one JSON document on stdout. */
function documentOf<T>({ stdout }: Ended): T {
  expect(stdout.split("\n").filter((line) => line !== "")).toHaveLength(1);
  return JSON.parse(stdout) as T;
}

const file = (name: string, content: string): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};

test("drift of two tables; --fail-on drift makes an alarm an exit code", () => {
  const songs = (name: string, from: number) =>
    file(name, `songs\n${Array.from({ length: 60 }, (_, i) => `${from + (i % 7)}\n`).join("")}`);
  const [before, after] = [songs("before.csv", 0), songs("after.csv", 4)];
  const drift = (current: string) => [
    "drift",
    "--reference",
    before,
    "--current",
    current,
    "--fail-on",
    "drift",
    "--json",
  ];
  const [same, other] = inOneProcess([drift(before), drift(after)], { cwd: folder, env }) as [Ended, Ended];
  expect(same.code).toBe(0);
  expect(documentOf(same)).toMatchObject({
    drifted: false,
    alarmBudget: 1,
    features: [{ name: "songs", drifted: false }],
  });
  expect(other.code).toBe(5);
  expect(documentOf(other)).toMatchObject({ drifted: true, features: [{ test: "ks", drifted: true, alarmed: true }] });
  expect(other.stderr).toMatch(/otherwise than those they are compared with: songs/);
});

describe("failures", () => {
  const empty = file("empty.jsonl", "");
  const wrong = file("wrong.csv", "a,b\n1,2\n");
  const cases: readonly (readonly [readonly string[], ErrorCode, number])[] = [
    [["frobnicate"], "USAGE", 2],
    [["models"], "USAGE", 2],
    [["features"], "USAGE", 2],
    [["predict", "--user", "1", "--all"], "USAGE", 2],
    [["ingest", join(folder, "absent.jsonl")], "PATH_ABSENT", 3],
    [["ingest", empty], "PATH_EMPTY", 3],
    [["ingest", wrong], "COLUMNS_WRONG", 3],
    [["train", "--search", "wild"], "VALUE_BAD", 3],
    [["train", "--label", "sadness"], "VALUE_BAD", 3],
    [["train", "--label", "toString"], "VALUE_BAD", 3],
    [["train", "--min-history", "0"], "VALUE_BAD", 3],
    [["train", "--label", "downgrade", "--inactivity-days", "5"], "VALUE_BAD", 3],
    [["train", "--label", "inactivity", "--inactivity-days", "0"], "VALUE_BAD", 3],
    [["recover"], "NO_DATA", 4],
    [["audit"], "NO_DATA", 4],
    [["explore"], "NO_DATA", 4],
    [["predict", "--all"], "NO_MODEL", 4],
    [["drift"], "NO_MODEL", 4],
    [["drift", "--reference", wrong], "USAGE", 2],
    [["drift", "--rule", "any"], "VALUE_BAD", 3],
    [["drift", "--fail-on", "rain"], "VALUE_BAD", 3],
    [["drift", "--reference", wrong, "--current", join(folder, "absent.csv")], "PATH_ABSENT", 3],
    [["models", "promote", "none"], "MODEL_UNKNOWN", 3],
    [["models", "import", join(folder, "absent.json"), "--format", "xgboost"], "PATH_ABSENT", 3],
    [["models", "import", folder, "--format", "xgboost"], "MODEL_FILE_BAD", 3],
    [["models", "import", wrong, "--format", "json"], "MODEL_FILE_BAD", 3],
    [["models", "import", wrong, "--format", "pickle"], "VALUE_BAD", 3],
    [["models", "import", wrong, "--format", "json", "--table", wrong], "USAGE", 2],
    [["models", "export", "none", "--format", "json", "--out", join(folder, "out.json")], "MODEL_UNKNOWN", 3],
    [["models", "export", "none", "--format", "json"], "USAGE", 2],
    [["simulate", "--users", "5", "--days", "20", "--out", folder], "PATH_UNUSABLE", 3],
    [["ingest", join(empty, "log.jsonl")], "PATH_UNUSABLE", 3],
  ];

  let all: Ended[];
  beforeAll(() => {
    const homeOf = (i: number) => join(folder, "homes", String(i));
    all = inOneProcess(
      cases.map(([args], i) => [...args, "--json", "--home", homeOf(i)]),
      { cwd: folder, env },
    );
  });

  test.each(cases.map((one, i) => [...one, i] as const))(
    "%j: %s, exit %i; one document on stdout, no stack",
    (_args, code, exit, i) => {
      const ended = all[i] as Ended;
      const { error, ...rest } = documentOf<{ error: Record<string, unknown> }>(ended);
      expect(rest).toEqual({});
      expect(Object.keys(error)).toEqual(["code", "message", "hint", "details"]);
      expect(error.code).toBe(code);
      expect(ended.code).toBe(exit);
      expect(error.message).toMatch(/\S.*\S/);
      expect(error.message).not.toMatch(/[{}]|outputHelp/);
      expect(error.hint).toMatch(/\S.*\S/);
      expect(ended.stderr).not.toMatch(/^\s+at /m);
      expect(ended.stderr).toContain(`${error.message} [${error.code}]\n${error.hint}\n`);
    },
  );

  test("without --json: one line what, one line what to do; --verbose shows the stack", async () => {
    const plain = await refrain(["recover"]);
    expect(plain.stdout).toBe("");
    expect(plain.stderr.trim().split("\n")).toHaveLength(2);
    const verbose = await refrain(["recover", "--verbose"]);
    expect(verbose.stderr).toMatch(/^\s+at /m);
    expect(verbose.code).toBe(4);
  });
});

describe("help", () => {
  test("lists every command, and every command explains itself", async () => {
    const root = await refrain(["--help"]);
    expect(root.code).toBe(0);
    const names = [...root.stdout.matchAll(/^ {2}([a-z]+) .*$/gm)].map(([, name]) => name ?? "");
    const commands = names.filter((name) => name !== "help");
    expect(commands).toEqual(
      expect.arrayContaining([
        "demo",
        "run",
        "simulate",
        "ingest",
        "recover",
        "features",
        "train",
        "predict",
        "models",
        "report",
      ]),
    );
    const all = [...commands.map((name) => [name]), ["models", "promote"]];
    const helps = inOneProcess(
      all.map((command) => [...command, "--help"]),
      { cwd: folder, env },
    );
    helps.forEach(({ code, stdout, stderr }, i) => {
      expect(code, all[i]?.join(" ")).toBe(0);
      expect(stdout).toContain(`Usage: refrain ${all[i]?.join(" ")}`);
      expect(stderr).toBe("");
    });
  });

  test("features --list needs no data", async () => {
    const ended = await refrain(["features", "--list", "--json"]);
    const { features } = documentOf<{ features: unknown[] }>(ended);
    expect(ended.code).toBe(0);
    expect(features).toEqual(
      POINT_IN_TIME.features.map((feature) => {
        const { name, family, unit, knownAt, description } = feature;
        return { name, family, unit, knownAt, actionable: isActionable(feature), description };
      }),
    );
  });
});

describe("colour", () => {
  test("on a terminal only, and never with NO_COLOR", () => {
    const { isTTY } = process.stdout;
    const { NO_COLOR } = process.env;
    const color = () => contextOf({ threads: "1" }, new AbortController().signal).color;
    try {
      delete process.env.NO_COLOR;
      process.stdout.isTTY = true;
      expect(color()).toBe(true);
      process.env.NO_COLOR = "1";
      expect(color()).toBe(false);
      delete process.env.NO_COLOR;
      process.stdout.isTTY = false;
      expect(color()).toBe(false);
    } finally {
      process.stdout.isTTY = isTTY;
      if (NO_COLOR === undefined) delete process.env.NO_COLOR;
      else process.env.NO_COLOR = NO_COLOR;
    }
  });
});

describe.skipIf(needsShared(RAW))("a run where no honest model can be had", () => {
  const own = join(folder, "five");
  let ended: Ended;
  beforeAll(async () => {
    ended = await refrain(["run", sharedPath(RAW), "--home", own, "--json"]);
  });

  test("exits 4 and says why; lake, recovery and features are done and kept", () => {
    expect(ended.code).toBe(4);
    const run = documentOf<RunDocument>(ended);
    expect(run.ingest).toMatchObject({ lines: 3452, users: 5 });
    expect(run.recovery).toMatchObject({ blank: 0, coverage: null });
    for (const part of [run.training, run.wholeHistory])
      expect(part).toMatchObject({ skipped: { code: "LABELS_TOO_FEW" } });
    expect(run.scores).toMatchObject({ skipped: { code: "LABELS_TOO_FEW" } });
    expect(run.audits).toBeNull();
    expect(Object.keys(run.files)).not.toContain("model");
    for (const name of ["features", "report", "run"]) expect(existsSync(run.files[name] ?? ""), name).toBe(true);
    expect(readdirSync(join(own, "lake")).length).toBeGreaterThan(0);
    expect(JSON.parse(readFileSync(run.files.run ?? "", "utf8"))).toEqual(run);
  });

  test("explore describes the same lake, and writes its page", async () => {
    const out = join(folder, "explore.html");
    const explored = await refrain(["explore", "--out", out, "--home", own, "--json"]);
    expect(explored.code).toBe(0);
    expect(documentOf(explored)).toEqual({ ...documentOf<RunDocument>(ended).explore, file: out });
    expect(readFileSync(out, "utf8")).toContain("5 users, of whom 2 cancel");
  });

  test("progress goes to stderr in plain lines; --quiet says nothing, and the answer has no colour in a pipe", async () => {
    expect(ended.stderr).toMatch(/Recovering the user ids of logged-out rows\n/);
    const control = String.fromCharCode(27);
    expect(ended.stderr + ended.stdout).not.toContain(control);
    const [quiet, loud] = await Promise.all(
      [["--quiet"], []].map((flags, i) =>
        refrain(["features", "--whole-history", "--home", own, "--out", `w${i}.csv`, ...flags]),
      ),
    );
    expect(quiet).toMatchObject({ code: 0, stderr: "" });
    expect(quiet?.stdout).toContain("5 rows of 5 users");
    expect(quiet?.stdout).not.toContain(control);
    expect(loud?.stderr).not.toBe("");
  });
});

describe("several at once", () => {
  test("a home that is being written to is refused, with who holds it", async () => {
    const log = file(
      "one.jsonl",
      '{"ts":1538352117000,"userId":"7","sessionId":1,"itemInSession":0,"page":"Home","auth":"Logged In"}\n',
    );
    const own = join(folder, "shared");
    mkdirSync(own);
    await withHomeLock(own, "a test", async () => {
      const ended = await refrain(["ingest", log, "--home", own, "--json"]);
      expect(ended.code).toBe(6);
      expect(documentOf(ended)).toMatchObject({
        error: { code: "HOME_LOCKED", details: { pid: process.pid, command: "a test" } },
      });
    });
    const after = await refrain(["ingest", log, "--home", own, "--json"]);
    expect(after.code).toBe(0);
    expect(documentOf(after)).toMatchObject({ accepted: 1 });
  });

  test("SIGINT ends a command with 130 and leaves nothing half-written", async () => {
    const out = join(folder, "interrupted.jsonl");
    const ended = await refrain(["simulate", "--users", "20000", "--days", "63", "--out", out, "--json"], (child) => {
      const poll = setInterval(() => {
        if (!existsSync(`${out}.part`)) return;
        clearInterval(poll);
        child.kill("SIGINT");
      }, 20);
      child.on("close", () => clearInterval(poll));
    });
    expect(ended.code).toBe(130);
    expect(documentOf(ended)).toMatchObject({ error: { code: "INTERRUPTED" } });
    expect(readdirSync(folder).filter((name) => name.startsWith("interrupted"))).toEqual([]);
  });
});
