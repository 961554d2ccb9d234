import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EventReader } from "../../src/pipeline/ingest/event-reader.js";
import { EventRows } from "../../src/pipeline/ingest/event-rows.js";
import { FlatJson } from "../../src/pipeline/ingest/flat-json.js";
import type { FieldMap } from "../../src/pipeline/ingest/part.js";
import { EVENT_FIELDS } from "../../src/schema/event-limits.js";
import { event, NOW_MS } from "./ingest-fixture.js";
import { readLog } from "./read-json-log.js";

const anyValue = fc.oneof(
  fc.constantFrom<unknown>(null, "", " ", "7", " 8 ", "1e3", -0, -1, 1.5, 0.1, 1e21, 1e-7, 2 ** 53, true, [], {}, [1]),
  fc.constantFrom<unknown>(1_538_352_117_000, 1_538_352_117_000.5, 1e11, 99_999_999_999, 229.47028, 21_474, 21_474.5),
  fc.constantFrom(
    "Home",
    "Logged In",
    "Cancelled",
    "paid",
    "2018-10-01T00:00:00Z",
    'a "b" \\ c',
    "tab\there",
    "ü🎹",
    "a\0b",
  ),
  fc.constantFrom("x".repeat(200), "x".repeat(201), "x".repeat(4001), "\ud800", "Home\u2028"),
  fc.integer({ min: -10, max: 90_000 }),
  fc.double({ noDefaultInfinity: true, noNaN: true }),
  fc.string(),
);
const anyName = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom<string>(...EVENT_FIELDS) },
  { weight: 1, arbitrary: fc.constantFrom("mood", "a b", "ü", 'q"', "__proto__", "7", "uid", "") },
);
const anyRow = fc
  .array(fc.tuple(anyName, anyValue), { maxLength: 4 })
  .map((changes) => Object.entries(event({ userId: "7" })).concat(changes as [string, never][]));

/** JSON as written by hand or by other libraries: spaces, repeated names, escapes that need not be. */
const anyLine = fc
  .tuple(
    anyRow,
    fc.constantFrom(",", ", ", " ,", ",\t"),
    fc.constantFrom(":", ": ", " :"),
    fc.constantFrom("", "", " ", "\r"),
    fc.boolean(),
  )
  .map(([entries, comma, colon, tail, escapes]) => {
    const written = entries
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => JSON.stringify(name) + colon + JSON.stringify(value));
    const line = `{${written.join(comma)}}${tail}`;
    return escapes ? line.replaceAll("Home", "H\\u006fme").replaceAll("o", "\\u006f") : line;
  });
const brokenLine = fc
  .tuple(anyLine, fc.nat(), fc.constantFrom("", '"', "\\", "{", "}", ",", "0", "\u0001", "null", ".", "-", "\xff"))
  .map(([line, at, text]) => line.slice(0, at % line.length) + text + line.slice((at % line.length) + 1));
const anyLog = fc
  .array(fc.oneof({ weight: 3, arbitrary: anyLine }, { weight: 1, arbitrary: brokenLine }), { maxLength: 12 })
  .chain((lines) =>
    fc.constantFrom("utf8", "latin1" as const).map((encoding) => Buffer.from(`${lines.join("\n")}\n`, encoding)),
  );

describe("the quick way through a line of JSON", () => {
  it("makes of any log what parsing every line makes of it", async () => {
    await fc.assert(
      fc.asyncProperty(anyLog, fc.constantFrom<FieldMap>({}, { userId: "uid" }), async (log, map) => {
        expect(await readLog(log, { isQuick: true, map })).toEqual(await readLog(log, { isQuick: false, map }));
      }),
      { numRuns: 1500 },
    );
  });

  it("takes the lines that logs are made of", () => {
    const events = new EventReader(NOW_MS, new EventRows());
    const flat = new FlatJson(events, {});
    const takes = (text: string) => flat.read(Buffer.from(`${text}\n`), 0, Buffer.byteLength(text), 0);
    const song = event({ artist: 'Beyoncé "B"', song: "Naïve\\", length: 229.47028, registration: 1_530_000_000_000 });
    expect(takes(JSON.stringify(song))).toBe(true);
    expect(takes(JSON.stringify(song).replaceAll('":', '": ').replaceAll(',"', ', "'))).toBe(true);
    expect(takes(JSON.stringify(event({ userId: 7, mood: "good", happy: true, level: null })))).toBe(true);
    expect(takes(JSON.stringify(event({ mood: { deep: 1 } })))).toBe(false);
    expect(events.rows.count).toBe(3);
  });

  it("keeps its words apart when thousands of them share a place", async () => {
    const lines = Array.from({ length: 3000 }, (_, i) =>
      JSON.stringify(event({ itemInSession: i, song: `${"a".repeat(40)}${i * 7}` })),
    );
    const log = Buffer.from(`${lines.join("\n")}\n`);
    expect(await readLog(log, { isQuick: true })).toEqual(await readLog(log, { isQuick: false }));
  });
});
