import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { reasonMessage } from "../../src/pipeline/ingest/reasons.js";
import { ingest } from "../../src/pipeline/ingest.js";
import { event, NOW_MS, temporaryFolder, testWorld, writeLog } from "./ingest-fixture.js";

const folder = temporaryFolder();
const good = `${JSON.stringify(event())}\n`;
const withField = (fields: object) => JSON.stringify({ ...event(), ...fields });
const without = (field: string) => JSON.stringify({ ...event(), [field]: undefined });
const huge = "9".repeat(400);

/** What a line holds → the reason it gets. */
const LINES: [name: string, line: string | Buffer, code: string][] = [
  ["half a JSON", '{"ts":', "INVALID_JSON"],
  ["a single word", "hello", "INVALID_JSON"],
  ["NaN", withField({}).replace(/"ts":\d+/, '"ts":NaN'), "INVALID_JSON"],
  ["an array", "[]", "NOT_AN_OBJECT"],
  ["null", "null", "NOT_AN_OBJECT"],
  ["a number", "12", "NOT_AN_OBJECT"],
  ["deep nesting", `${"[".repeat(200_000)}${"]".repeat(200_000)}`, "NOT_AN_OBJECT"],
  ["nothing", "", "BLANK_LINE"],
  ["blanks", " \t\r", "BLANK_LINE"],
  ["bytes that are not UTF-8", Buffer.from([0xff, 0xfe, 0x7b, 0x7d]), "INVALID_UTF8"],
  ["more than 1 MiB", `{"page":"${"x".repeat(10_000_000)}"}`, "LINE_TOO_LONG"],
  ["a raw NUL byte", withField({ page: "H" }).replace("H", "\0"), "INVALID_JSON"],
  ["no ts", without("ts"), "MISSING_TS"],
  ["no session", without("sessionId"), "MISSING_SESSION_ID"],
  ["no item", without("itemInSession"), "MISSING_ITEM_IN_SESSION"],
  ["a null page", withField({ page: null }), "MISSING_PAGE"],
  ["a ts in words", withField({ ts: "soon" }), "BAD_TS"],
  ["a ts beyond numbers", withField({}).replace(/"ts":\d+/, `"ts":${huge}`), "BAD_TS"],
  ["a ts on February 30", withField({ ts: "2018-02-30T00:00:00Z" }), "BAD_TS"],
  ["a ts in seconds", withField({ ts: 1_538_352_117 }), "TS_IN_SECONDS"],
  ["a ts before 1970", withField({ ts: -5 }), "TS_NEGATIVE"],
  ["a ts two days ahead", withField({ ts: NOW_MS + 2 * 86_400_000 }), "TS_IN_FUTURE"],
  ["an object as user", withField({ userId: { $gt: "" } }), "BAD_USER_ID"],
  ["a user beyond exact numbers", withField({}).replace('"7"', "9007199254740993"), "BAD_USER_ID"],
  ["a user with a NUL", withField({ userId: "a\0b" }), "BAD_USER_ID"],
  ["half a surrogate pair", withField({}).replace('"7"', '"\\ud800"'), "BAD_USER_ID"],
  ["a negative session", withField({ sessionId: -1 }), "BAD_SESSION_ID"],
  [
    "a session beyond exact numbers",
    withField({}).replace(/"sessionId":\d+/, '"sessionId":9007199254740993'),
    "BAD_SESSION_ID",
  ],
  ["a fractional item", withField({ itemInSession: 1.5 }), "BAD_ITEM_IN_SESSION"],
  ["an item beyond 32 bits", withField({ itemInSession: 3e9 }), "BAD_ITEM_IN_SESSION"],
  ["an empty page", withField({ page: "" }), "BAD_PAGE"],
  ["an unknown auth", withField({ auth: "Maybe" }), "BAD_AUTH"],
  ["an unknown level", withField({ level: "gold" }), "BAD_LEVEL"],
  ["a status in words", withField({ status: "OK" }), "BAD_STATUS"],
  ["a number as artist", withField({ artist: 5 }), "BAD_ARTIST"],
  ["a registration in words", withField({ registration: "long ago" }), "BAD_REGISTRATION"],
  ["a negative length", withField({ length: -1 }), "NEGATIVE_LENGTH"],
  ["a song of a day", withField({ length: 90_000 }), "BAD_LENGTH"],
];

describe("a bad line is quarantined with its reason, between two good ones", () => {
  it("names every kind", async () => {
    const bytes = LINES.flatMap(([, line]) => [Buffer.from(line as string), Buffer.from("\n")]);
    const path = writeLog(folder, Buffer.concat([Buffer.from(good), ...bytes, Buffer.from(good)]));
    const summary = await ingest(join(folder, "kinds"), [path], {}, testWorld());
    expect(summary).toMatchObject({ lines: LINES.length + 2, accepted: 1, duplicates: 1, quarantined: LINES.length });
    const kept = quarantined(summary.quarantineFile as string);
    expect(kept.map((line) => [LINES[line.line - 2]?.[0], line.code])).toEqual(
      LINES.map(([name, , code]) => [name, code]),
    );
    for (const line of kept) {
      expect(line.message).toBe(reasonMessage(line.code));
      expect(line.file).toBe(path);
      expect((line.text ?? line.base64 ?? "").length).toBeLessThan(3000);
    }
    expect(kept.find((line) => line.code === "INVALID_UTF8")).toMatchObject({ base64: "//57fQ==" });
    expect(kept.find((line) => line.code === "LINE_TOO_LONG")).toMatchObject({ truncated: true });
  });

  it("tells a cut-off last line from a broken one", async () => {
    const path = writeLog(folder, `${good}${good.slice(0, 40)}`);
    const summary = await ingest(join(folder, "cut"), [path], {}, testWorld());
    expect(summary.reasons).toEqual({ TRUNCATED_LINE: 1 });
  });
});

describe("what is merely unusual is accepted", () => {
  const cases: [name: string, content: string][] = [
    ["a byte order mark", `\ufeff${good}`],
    ["CRLF", good.replace("\n", "\r\n")],
    ["no newline at the end", good.trimEnd()],
    ["a key twice, the last of which counts", good.replace('"level":"free"', '"level":"x","level":"paid"')],
    ["__proto__ as a key", good.replace("{", '{"__proto__":{"page":"Evil"},"constructor":1,')],
    ["numbers as text", withField({ ts: "1538352117000", sessionId: "5", itemInSession: "0", length: "1.5" })],
    ["an ISO time", withField({ ts: "2018-10-01T00:01:57+02:00" })],
    ["an integer user with a float registration", withField({ userId: 95, registration: 1540919166796.4 })],
    ["nulls", withField({ artist: null, song: null, length: null, registration: null, auth: null, userId: null })],
    ["other alphabets", withField({ artist: "坂本龍一 🎹", song: "Ærø" })],
  ];
  it.each(cases)("%s", async (name, content) => {
    const summary = await ingest(join(folder, `unusual ${name}`), [writeLog(folder, content)], {}, testWorld());
    expect(summary).toMatchObject({ lines: 1, accepted: 1, quarantined: 0 });
  });
});

describe("where nothing was an event the whole fails, with advice", () => {
  const fails = async (paths: string[]) => ingest(join(folder, "fails"), paths, {}, testWorld());
  it.each([
    ["an empty file", () => writeLog(folder, ""), "PATH_EMPTY"],
    ["an empty array", () => writeLog(folder, "[]", ".json"), "PATH_EMPTY"],
    ["a path that is nothing", () => join(folder, "absent.jsonl"), "PATH_ABSENT"],
    ["a glob that matches nothing", () => join(folder, "absent*.jsonl"), "PATH_ABSENT"],
    ["a CSV without our columns", () => writeLog(folder, "a,b\n1,2\n", ".csv"), "COLUMNS_WRONG"],
    ["an empty CSV", () => writeLog(folder, "", ".csv"), "PATH_EMPTY"],
    ["a Parquet file that is none", () => writeLog(folder, "hello", ".parquet"), "FILE_UNREADABLE"],
    ["a gzip file that is none", () => writeLog(folder, "hello", ".jsonl.gz"), "FILE_UNREADABLE"],
    ["only bad lines", () => writeLog(folder, "a\nb\n"), "ALL_REJECTED"],
  ])("%s", async (_, path, code) => {
    await expect(fails([path()])).rejects.toMatchObject({ code, exit: 3, hint: expect.stringMatching(/./) });
  });

  it("keeps the quarantine when every line is bad", async () => {
    const error = await fails([writeLog(folder, "a\nb\n")]).catch((caught) => caught);
    expect(error.message).toContain("2 × INVALID_JSON");
    expect(quarantined(error.details.quarantineFile)).toHaveLength(2);
  });

  it("does not stop for one bad file among good ones", async () => {
    const packed = gzipSync(good + JSON.stringify(event()));
    const cut = writeLog(folder, packed.subarray(0, packed.length - 12), ".jsonl.gz");
    const wrong = writeLog(folder, "a,b\n1,2\n", ".csv");
    const summary = await ingest(join(folder, "some"), [wrong, cut, writeLog(folder, good)], {}, testWorld());
    expect(summary.accepted).toBeGreaterThan(0);
    expect(summary.files.map((file) => file.error?.code)).toEqual(["COLUMNS_WRONG", "FILE_UNREADABLE", undefined]);
    expect(summary.lines).toBe(summary.accepted + summary.duplicates + summary.quarantined);
  });
});

interface Kept {
  file: string;
  line: number;
  code: string;
  message: string;
  text?: string;
  base64?: string;
}

function quarantined(path: string): Kept[] {
  return readFileSync(path, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Kept);
}
