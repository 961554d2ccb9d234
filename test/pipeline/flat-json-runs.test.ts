import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EventReader } from "../../src/pipeline/ingest/event-reader.js";
import { EventRows } from "../../src/pipeline/ingest/event-rows.js";
import { FlatJson } from "../../src/pipeline/ingest/flat-json.js";
import { SLACK_BYTES } from "../../src/pipeline/ingest/log-memory.js";
import { event, NOW_MS } from "./ingest-fixture.js";
import { readLog, writtenOut } from "./read-json-log.js";

/** Who took each line; null where the line is to be parsed. */
function takenBy(lines: readonly Buffer[], readerOf: (line: number) => ReturnType<typeof newReader>) {
  return lines.map((line, i) => {
    const { events, flat } = readerOf(i);
    const memory = Buffer.alloc(3 + line.length + SLACK_BYTES, " ");
    line.copy(memory, 3);
    memory[line.length + 3] = 10;
    return flat.read(memory, 3, line.length + 3, i) ? events : null;
  });
}

function newReader() {
  const events = new EventReader(NOW_MS, new EventRows());
  return { events, flat: new FlatJson(events, {}) };
}

const PAGES = [
  { page: "NextSong", auth: "Logged In", method: "PUT", status: 200 },
  { page: "Home", auth: "Logged In", method: "GET", status: 200 },
  { page: "Home", auth: "Logged Out", method: "GET", status: 200 },
  { page: "Thumbs Up", auth: "Logged In", method: "PUT", status: 307 },
  { page: "Thumbs Down", auth: null, method: null, status: null },
];
const anyUser = fc.record({
  userId: fc.constantFrom<unknown>("7", "8", 9, "", null, "a\u00fc"),
  level: fc.constantFrom("free", "paid", null),
  location: fc.constantFrom("Houston, TX", "Z\u00fcrich \u{1f3b9}", "", null),
  userAgent: fc.constantFrom('"Mozilla/5.0" \\', "", `${"agent ".repeat(800)}`),
  registration: fc.constantFrom(1_530_000_000_000, 153, 0, 1.5, null),
  gender: fc.constantFrom("F", "M", "", null),
});

/** A row of one of a few users; its runs are like those of the user's other rows. */
function rowOf(users: readonly object[], user: number, page: number, item: number) {
  const { userId, level, ...rest } = users[user % users.length] as { userId: unknown; level: unknown };
  return Object.entries({
    ts: NOW_MS - 1e9 + item,
    userId,
    sessionId: 1,
    ...PAGES[page % PAGES.length],
    level,
    itemInSession: item,
    firstName: "Ruby",
    ...rest,
    ...(item % 3 === 0 ? {} : { artist: `Band ${item % 4}`, song: "Na\u00efve", length: 229.47028 }),
  });
}

/** Ways in which a line differs from the one before, within a run, at its end and between runs. */
const anyChange = fc.oneof(
  { weight: 2, arbitrary: fc.constant((line: string) => line) },
  fc.constantFrom(
    (line: string) => line.replace('"status":200', '"status":2001'),
    (line: string) => line.replace('"status":200', '"status":20 '),
    (line: string) => line.replace('"status":200', '"status":200.0'),
    (line: string) => line.replace('"status":200', '"status":null'),
    (line: string) => line.replace('"status":null', '"status":nulls'),
    (line: string) => line.replace(/"registration":(\d+)/, '"registration":$17'),
    (line: string) => line.replace(/"registration":\d+/, '"registration":-5'),
    (line: string) => line.replace('"level":"free"', '"level":"freed"'),
    (line: string) => line.replace('"gender":"F"', '"gender":"F","gender":"M"'),
    (line: string) => line.replace('"gender":"F"', '"gender":"F","page":"Help"'),
    (line: string) => line.replace('"ts"', '"level":"paid","ts"'),
    (line: string) => line.replace('"gender":"F"', '"gender":"F" '),
    (line: string) => line.replace('"gender":"F"', '"gender":"\\u0046"'),
    (line: string) => line.replace('"auth":', '"mood":1,"auth":'),
    (line: string) => line.replace('"page":"Home"', '"page":null'),
    (line: string) => line.replaceAll(',"', ', "'),
    (line: string) => line.replaceAll('":', '": '),
    (line: string) => line.replace(/,"firstName".*/, "}"),
    (line: string) => line.replace(/,"gender".*/, "}"),
    (line: string) => line.replace(/,"gender".*/, ""),
    (line: string) => line.replace(/"userId":[^,]*,/, "").replace("}", ',"userId":"8"}'),
  ),
);
const anyByte = fc.record({
  at: fc.nat(),
  cut: fc.constantFrom(0, 1, 1, 9),
  bytes: fc.constantFrom([], [0xff], [0x80], [0], [0x22], [0x5c], [0x30], [0x7f], [0xf0, 0x9f], [0x2c], [0x7d]),
});

/** Lines of at most three users, most of them of the same bytes but for the time; a change comes once, or some times on end. */
const anyLines = fc
  .tuple(
    fc.boolean(),
    fc.array(anyUser, { minLength: 1, maxLength: 3 }),
    fc.array(
      fc.tuple(
        fc.nat(2),
        fc.nat(4),
        anyChange,
        fc.oneof({ weight: 5, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: anyByte }),
        fc.constantFrom(1, 1, 1, 3),
      ),
      {
        minLength: 2,
        maxLength: 25,
      },
    ),
  )
  .map(([isSorted, users, blocks]) => {
    const lines = blocks.flatMap(([user, page, change, byte, times]) =>
      Array(times).fill({ user, page, change, byte }),
    );
    return lines.map(({ user, page, change, byte }, item) => {
      const row = rowOf(users, user, page, item);
      // Some libraries write names in their order: the user comes last then.
      if (isSorted) row.sort(([a], [b]) => (a < b ? -1 : 1));
      const fields = row.map(([name, value]) => `"${name}":${JSON.stringify(value)}`);
      const line = Buffer.from(change(`{${fields.join(",")}}`));
      if (byte === null) return line;
      const at = byte.at % line.length;
      return Buffer.concat([line.subarray(0, at), Buffer.from(byte.bytes), line.subarray(at + byte.cut)]);
    });
  });

describe("runs of fields that a user repeats", () => {
  it("are read as in a line that stands alone", () => {
    fc.assert(
      fc.property(anyLines, (lines) => {
        const one = newReader();
        const together = takenBy(lines, () => one);
        const alone = takenBy(lines, newReader);
        expect(together.map((taken) => taken !== null)).toEqual(alone.map((taken) => taken !== null));
        expect(writtenOut(one.events.rows.take())).toEqual(
          alone.flatMap((taken) => (taken === null ? [] : writtenOut(taken.rows.take()))),
        );
      }),
      { numRuns: 400 },
    );
  });

  it("are read as by parsing, over a whole log", async () => {
    await fc.assert(
      fc.asyncProperty(anyLines, async (lines) => {
        const log = Buffer.concat(lines.flatMap((line) => [line, Buffer.from("\n")]));
        const padded = Buffer.concat([log, Buffer.alloc(64, "\n")]);
        expect(await readLog(padded, { isQuick: true })).toEqual(await readLog(padded, { isQuick: false }));
      }),
      { numRuns: 500 },
    );
  });

  it("are kept apart for thousands of users", async () => {
    const lines = Array.from({ length: 9000 }, (_, i) =>
      JSON.stringify(event({ userId: `${i % 4500}`, itemInSession: i, lastName: `L${i % 4500}`, gender: "F" })),
    );
    const log = Buffer.from(`${lines.join("\n")}\n`);
    expect(await readLog(log, { isQuick: true })).toEqual(await readLog(log, { isQuick: false }));
  });
});

describe("runs as long as are remembered", () => {
  it.each([3_700, 3_780, 3_810, 3_990, 4_090])("after one of %i characters are read as any other", async (chars) => {
    const row = (userId: string, location: string) => event({ ts: NOW_MS - 1e6, userId, level: "paid", location });
    const long = "x".repeat(3_990);
    const lines = [row("1", "x".repeat(chars)), row("2", long), row("1", "x".repeat(chars)), row("2", `${long}y`)];
    const log = Buffer.from(`${lines.map((line) => JSON.stringify(line)).join("\n")}\n`);
    expect(await readLog(log, { isQuick: true })).toEqual(await readLog(log, { isQuick: false }));
  });
});
