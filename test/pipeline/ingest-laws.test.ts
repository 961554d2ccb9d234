import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { low52 } from "../../src/base/hash.js";
import { codedEvent } from "../../src/features/coded-event.js";
import { eventOf } from "../../src/pipeline/ingest/event-of.js";
import { EventReader, type RawEvent } from "../../src/pipeline/ingest/event-reader.js";
import { EventRows } from "../../src/pipeline/ingest/event-rows.js";
import { KnownFields } from "../../src/pipeline/ingest/known-fields.js";
import { PartReader } from "../../src/pipeline/ingest/part-reader.js";
import { BAD, MISSING } from "../../src/pipeline/ingest/reasons.js";
import { ArraySplitter } from "../../src/pipeline/ingest/split-array.js";
import { LineSplitter } from "../../src/pipeline/ingest/split-lines.js";
import { ingest } from "../../src/pipeline/ingest.js";
import { textsOf } from "../../src/pipeline/live/event-texts.js";
import { eventSchema } from "../../src/schema/event.js";
import { EVENT_FIELDS } from "../../src/schema/event-limits.js";
import { PAGES } from "../../src/schema/pages.js";
import { TEXT_COLUMN_NAMES, TEXT_COLUMNS } from "../../src/store/event-batch.js";
import { readManifest } from "../../src/store/manifest.js";
import { event, jsonLines, lakeRows, NOW_MS, query, temporaryFolder, testWorld, writeLog } from "./ingest-fixture.js";
import { rowOf } from "./read-json-log.js";

const folder = temporaryFolder();

/** Values that are right for some field, nearly right for another, or hostile to any. */
const anyValue = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    undefined,
    "",
    " ",
    "7",
    "007",
    " 8 ",
    "1.5",
    "5.0",
    "-1",
    "-0",
    -0,
    "1e3",
    "0x10",
    "NaN",
    true,
    [],
    {},
  ),
  fc.constantFrom<unknown>(
    0,
    1,
    1.5,
    -1,
    1e11,
    1_538_352_117_000,
    1_538_352_117_000.5,
    1e15,
    1e16,
    2 ** 53,
    1e300,
    Infinity,
    NaN,
  ),
  fc.constantFrom(
    "Home",
    "Logged In",
    "Cancelled",
    "paid",
    "2018-10-01T00:00:00Z",
    "2018-10-01T00:00+02:00",
    "2018-13-01T00:00:00Z",
  ),
  fc.constantFrom("a\0b", "\ud800", "🎹", "x".repeat(200), "x".repeat(201), "x".repeat(257), "x".repeat(4001)),
  fc.integer({ min: -10, max: 90_000 }),
  fc.double(),
  fc.string(),
);
const goodEvent = { ts: 1_538_352_117_000, userId: "7", sessionId: 1, itemInSession: 0, page: "Home" };
/** A good event with up to three fields replaced: where all are random nothing passes the first check. */
const anyEvent = fc
  .array(fc.tuple(fc.constantFrom(...EVENT_FIELDS), anyValue), { maxLength: 3 })
  .map((changes) => ({ ...goodEvent, ...Object.fromEntries(changes) }) as Record<string, unknown>);

describe("the checks of the reader are those of the schema", () => {
  it("accepts the same rows, blames the same field, keeps the same values", () => {
    fc.assert(
      fc.property(anyEvent, (row) => {
        const reader = new EventReader(NOW_MS, new EventRows());
        const flaw = reader.read(row as RawEvent, 0);
        const parsed = eventSchema.safeParse(row);
        if (flaw?.startsWith("TS_")) return;
        if (!parsed.success) {
          const paths = parsed.error.issues.map((issue) => String(issue.path[0]));
          const first = EVENT_FIELDS.find((field) => paths.includes(field)) as (typeof EVENT_FIELDS)[number];
          expect([MISSING[first], BAD[first], first === "length" ? "NEGATIVE_LENGTH" : ""]).toContain(flaw);
          return;
        }
        expect(flaw).toBeNull();
        const kept = rowOf(reader.rows.take(), 0);
        const { data } = parsed;
        const read = eventOf(row as RawEvent);
        expect([codedEvent(read), textsOf(read)]).toEqual([codedEvent(data), textsOf(data)]);
        expect([kept.tsMs, kept.sessionId, kept.item]).toEqual([
          data.ts + 0,
          data.sessionId + 0,
          data.itemInSession + 0,
        ]);
        expect(kept.status).toBe((data.status ?? -1) + 0);
        expect(kept.registration).toBe((data.registration ?? Number.NaN) + 0);
        expect(kept.length10us).toBe(
          data.length === null || data.length === undefined ? -1 : Math.round(data.length * 1e5) + 0,
        );
        for (const name of TEXT_COLUMN_NAMES) {
          const auth = data.auth ?? (data.userId === "" ? "Logged Out" : "Logged In");
          expect(kept[name]).toBe(name === "auth" ? auth : (data[TEXT_COLUMNS[name]] ?? null));
        }
      }),
      { numRuns: 3000 },
    );
  });

  it("lists the schema's fields in its order", () => {
    expect(Object.keys(eventSchema.shape)).toEqual([...EVENT_FIELDS]);
  });
});

describe("however the bytes come in pieces", () => {
  const pieces = (text: string, sizes: number[]) => {
    const bytes = Buffer.from(text);
    const chunks: Buffer[] = [];
    for (let at = 0, i = 0; at < bytes.length; i++) {
      const size = sizes.length === 0 ? bytes.length : Math.max(1, sizes[i % sizes.length] as number);
      chunks.push(bytes.subarray(at, at + size));
      at += size;
    }
    return chunks;
  };
  const lineText = fc.string({ maxLength: 12 }).map((text) => text.replaceAll("\n", "é"));
  const sizes = fc.array(fc.integer({ min: 1, max: 20 }), { maxLength: 5 });

  it("lines are the same, and ranges share them out", () => {
    fc.assert(
      fc.property(
        fc.array(lineText),
        sizes,
        fc.integer({ min: 1, max: 40 }),
        fc.boolean(),
        (lines, chunkSizes, range, ends) => {
          const text = lines.join("\n") + (ends && lines.length > 0 ? "\n" : "");
          const found: string[] = [];
          const length = Buffer.byteLength(text);
          for (let from = 0; from === 0 || from < length; from += range) {
            const skip = from > 0 ? 1 : 0;
            const splitter = new LineSplitter((bytes, start, end) => found.push(bytes.toString("utf8", start, end)), {
              skipFirst: from > 0,
              bytes: Math.min(range, length - from) + skip,
            });
            const rest = Buffer.from(text).subarray(from - skip);
            let wants = true;
            for (const chunk of pieces(rest.toString("latin1"), chunkSizes)) {
              wants = splitter.push(Buffer.from(chunk.toString("utf8"), "latin1"));
              if (!wants) break;
            }
            if (wants) splitter.end();
          }
          const expected = text === "" ? [] : text.replace(/\n$/, "").split("\n");
          expect(found).toEqual(expected);
        },
      ),
    );
  });

  it("elements of an array are the same", () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), sizes, fc.constantFrom(0, 1), (values, chunkSizes, indent) => {
        const found: unknown[] = [];
        const splitter = new ArraySplitter((bytes, start, end) =>
          found.push(JSON.parse(bytes.toString("utf8", start, end))),
        );
        for (const chunk of pieces(JSON.stringify(values, null, indent), chunkSizes)) splitter.push(chunk);
        splitter.end();
        expect(found).toEqual(JSON.parse(JSON.stringify(values)));
      }),
    );
  });
});

describe("counts add up", () => {
  it("every line is accepted, a duplicate or quarantined, and the lake holds the accepted ones", async () => {
    const line = fc.oneof(
      anyEvent.map((row) => JSON.stringify(row)),
      fc.constantFrom("", "{", "[]", "null", "{}", '{"ts":1}'),
      fc.string().map((text) => text.replaceAll("\n", " ")),
      fc.integer({ min: 0, max: 3 }).map((item) => JSON.stringify({ ...goodEvent, itemInSession: item })),
    );
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(line, { minLength: 1, maxLength: 60 }), async (lines) => {
        const home = join(folder, `law${run++}`);
        const path = writeLog(folder, `${jsonLines([event()])}${lines.join("\n")}\n`);
        const summary = await ingest(home, [path], {}, testWorld());
        expect(summary.lines).toBe(lines.length + 1);
        expect(summary.accepted + summary.duplicates + summary.quarantined).toBe(summary.lines);
        expect(Object.values(summary.reasons).reduce((sum, count) => sum + count, 0)).toBe(summary.quarantined);
        const before = await lakeRows(home);
        expect(before).toHaveLength(summary.accepted);
        const manifest = readManifest(home);
        const again = await ingest(home, [path], {}, testWorld());
        expect(again).toMatchObject({ accepted: 0, duplicates: summary.accepted + summary.duplicates });
        expect(readManifest(home)).toEqual(manifest);
        expect(await lakeRows(home)).toEqual(before);
      }),
      { numRuns: 12 },
    );
  });

  it("the first of equal keys wins, over files and within the lake", async () => {
    const home = join(folder, "first");
    const one = event({ artist: "first" });
    const paths = [writeLog(folder, jsonLines([one])), writeLog(folder, jsonLines([{ ...one, artist: "second" }]))];
    await ingest(home, paths, {}, testWorld());
    await ingest(home, [writeLog(folder, jsonLines([{ ...one, artist: "third", userId: 7 }]))], {}, testWorld());
    const rows = await lakeRows(home);
    expect(rows).toHaveLength(1);
    expect(JSON.parse(rows[0] as string)).toMatchObject({ artist: "first", artist_id: low52("first") });
  });
});

describe("what is written", () => {
  it("is sorted by ts in each month's file, whatever the order it came in", async () => {
    const home = join(folder, "sorted");
    const times = Array.from({ length: 5000 }, (_, i) => 1_538_352_000_000 + ((i * 7919) % 5000) * 3_600_000);
    const path = writeLog(folder, jsonLines(times.map((ts) => event({ ts, song: `song ${ts % 1000}` }))));
    await ingest(home, [path], {}, testWorld({ aborted: false }));
    const { files } = readManifest(home);
    expect(files.length).toBeGreaterThan(2);
    for (const file of files) {
      const rows = await query(`SELECT ts FROM '${join(home, "lake", file.path)}'`);
      const ts = rows.map((row) => Number(row.ts));
      expect(ts).toEqual([...ts].sort((a, b) => a - b));
      expect([ts.length, ts[0], ts.at(-1)]).toEqual([file.rows, file.firstTs, file.lastTs]);
    }
  });

  it("counts fields it does not keep, and pages it does not know are kept by name", async () => {
    const home = join(folder, "unknown");
    const path = writeLog(folder, jsonLines([event({ mood: "good", page: "Karaoke" }), event({ mood: null })]));
    const summary = await ingest(home, [path], {}, testWorld());
    expect(summary.unknownFields).toEqual({ mood: 2 });
    expect((await lakeRows(home)).join()).toContain("Karaoke");
    expect(PAGES).not.toContain("Karaoke");
  });
});

describe("a reader of parts", () => {
  it("never holds more than a portion of rejects", async () => {
    const sent: number[] = [];
    const reader = new PartReader(
      { events: new EventReader(NOW_MS, new EventRows()), flat: null },
      new KnownFields({}),
      async (value) => {
        sent.push((value as { rejects: unknown[] }).rejects.length);
      },
    );
    for (let i = 0; i < 5000; i++) {
      reader.takeJson(Buffer.from("x"), 0, 1, "whole");
      await reader.flush(false);
    }
    await reader.flush(true);
    expect(sent).toEqual([2048, 2048, 904]);
  });
});
