import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { ingest } from "../../src/pipeline/ingest.js";
import { needsShared, sharedPath } from "../shared.js";
import { event, jsonLines, lakeRows, query, temporaryFolder, testWorld, writeLog } from "./ingest-fixture.js";

const folder = temporaryFolder();
const song = { page: "NextSong", artist: 'He said "hi", twice', song: "Two\nlines", length: 183.19628, status: 200 };
const EVENTS = [
  event(song),
  event({ ...song, userId: "8", artist: "Ærø", registration: 1_538_211_832_000 }),
  event({ userId: "", auth: "Logged Out", location: "Phoenix, AZ" }),
];
const FIELDS = [...new Set(EVENTS.flatMap((one) => Object.keys(one)))];

let number = 0;
async function rowsOf(...args: [paths: string[], map?: object]) {
  const home = join(folder, `home${number++}`);
  const summary = await ingest(home, args[0], { map: args[1] ?? {} }, testWorld());
  expect(summary.accepted).toBe(summary.lines);
  return lakeRows(home);
}

const cell = (value: unknown) => {
  const text = value === undefined || value === null ? "" : String(value);
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};
const csv = (names: readonly string[], delimiter = ",") =>
  [names, ...EVENTS.map((one) => FIELDS.map((field) => cell(one[field])))].map((row) => row.join(delimiter)).join("\n");

describe("the same events in any format give the same lake", () => {
  const expected = rowsOf([writeLog(folder, jsonLines(EVENTS))]);
  const lines = jsonLines(EVENTS);
  it.each([
    ["gzip", () => writeLog(folder, gzipSync(lines), ".jsonl.gz")],
    [
      "two gzip members",
      () => writeLog(folder, Buffer.concat([gzipSync(lines.slice(0, 50)), gzipSync(lines.slice(50))]), ".log.gz"),
    ],
    ["one JSON array", () => writeLog(folder, JSON.stringify(EVENTS), ".json")],
    ["an indented JSON array, packed", () => writeLog(folder, gzipSync(JSON.stringify(EVENTS, null, 2)), ".json.gz")],
    ["CSV", () => writeLog(folder, csv(FIELDS), ".csv")],
    [
      "CSV with CRLF, semicolons and a byte order mark",
      () => writeLog(folder, `\ufeff${csv(FIELDS, ";").replace(/\n(?!lines)/g, "\r\n")}\r\n`, ".csv"),
    ],
    ["packed CSV", () => writeLog(folder, gzipSync(csv(FIELDS)), ".csv.gz")],
    ["an ending we do not know", () => writeLog(folder, lines, ".events")],
  ])("%s", async (_, path) => expect(await rowsOf([path()])).toEqual(await expected));

  it("Parquet, with times and fractions as pandas writes them", async () => {
    const json = writeLog(folder, lines);
    const parquet = join(folder, "events.parquet");
    await query(`COPY (SELECT * REPLACE (epoch_ms(ts) AS ts, sessionId::DOUBLE AS sessionId)
      FROM read_json('${json}', columns = {${FIELDS.map((field) => `${field}: '${typeOf(field)}'`)}})) TO '${parquet}' (FORMAT parquet)`);
    expect(await rowsOf([parquet])).toEqual(await expected);
  });

  it("a Parquet file whose user ids became fractions beside blanks", async () => {
    const parquet = join(folder, "fractions.parquet");
    await query(`COPY (SELECT 1538352117000 AS ts, 95.0::DOUBLE AS userId, 1 AS sessionId, 0 AS itemInSession, 'Home' AS page
      UNION ALL SELECT 1538352118000, 'NaN'::DOUBLE, 1, 1, 'Home') TO '${parquet}' (FORMAT parquet)`);
    const users = (await rowsOf([parquet])).map((row) => JSON.parse(row).user_id);
    expect(users.sort()).toEqual(["", "95"]);
  });

  it("columns of other names", async () => {
    const renamed = csv(FIELDS.map((field) => (field === "userId" ? "uid" : field === "ts" ? "time" : field)));
    expect(await rowsOf([writeLog(folder, renamed, ".csv")], { userId: "uid", ts: "time" })).toEqual(await expected);
    const json = jsonLines(EVENTS.map(({ userId, ...rest }) => ({ ...rest, uid: userId })));
    expect(await rowsOf([writeLog(folder, json)], { userId: "uid" })).toEqual(await expected);
  });

  it("a folder with folders, and a glob", async () => {
    const logs = join(folder, "logs");
    mkdirSync(join(logs, "deep"), { recursive: true });
    writeFileSync(join(logs, "a.jsonl"), jsonLines(EVENTS.slice(0, 1)));
    writeFileSync(join(logs, "deep", "b.ndjson"), jsonLines(EVENTS.slice(1)));
    writeFileSync(join(logs, "readme.txt"), "not a log");
    expect(await rowsOf([logs])).toEqual(await expected);
    expect(await rowsOf([`${logs}/**/*.{jsonl,ndjson}`])).toEqual(await expected);
  });
});

describe("a broken CSV row is quarantined alone", () => {
  const header = "ts,userId,sessionId,itemInSession,page,artist";
  const row = (item: number, artist = "x") => `153835211${item}000,7,1,${item},Home,${artist}`;
  it.each([
    ["too few cells", "1,2,3", "CSV_CELLS"],
    ["too many cells", `${row(9)},more`, "CSV_CELLS"],
    ["a stray quote", row(9, '"open'), "CSV_QUOTE"],
    ["a quote inside", row(9, 'a"b'), "CSV_QUOTE"],
    ["a bad number", row(9).replace(",1,9,", ",0x1,9,"), "BAD_SESSION_ID"],
    ["nothing", "", "BLANK_LINE"],
  ])("%s", async (name, bad, code) => {
    const path = writeLog(folder, [header, row(1), bad, row(2), row(3), ""].join("\n"), ".csv");
    const summary = await ingest(join(folder, `csv ${name}`), [path], {}, testWorld());
    expect(summary).toMatchObject({ lines: 4, accepted: 3, quarantined: 1, reasons: { [code]: 1 } });
  });
});

describe.skipIf(needsShared("data/sparkify-raw-users"))("real logs", () => {
  it("five users, integer ids: nothing is lost", async () => {
    const path = sharedPath("data/sparkify-raw-users/events.jsonl");
    const summary = await ingest(join(folder, "five"), [path], {}, testWorld());
    expect(summary).toMatchObject({
      lines: 3452,
      accepted: 3452,
      quarantined: 0,
      users: 5,
      reasons: {},
      unknownFields: {},
    });
  });

  it("fifteen days, text ids, logged-out rows, nulls: nothing is lost", async () => {
    const path = sharedPath("data/eventsim-logs-2018-11");
    const summary = await ingest(join(folder, "days"), [path], {}, testWorld());
    expect(summary.files).toHaveLength(readdirSync(path).length);
    expect(summary).toMatchObject({ quarantined: 0, unknownFields: {} });
    const blank = (await lakeRows(join(folder, "days"))).filter((row) => row.includes('"user_id":""'));
    expect(blank).toHaveLength(88);
  });
});

function typeOf(field: string): string {
  if (field === "length") return "DOUBLE";
  return ["ts", "sessionId", "itemInSession", "status", "registration"].includes(field) ? "BIGINT" : "VARCHAR";
}
