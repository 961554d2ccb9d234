import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeEventLine, encodeEventLine, LINE_FIELDS } from "../../../src/features/fold-protocol/event-line.js";
import { eventOf, logs } from "../columns.js";

const blank = { ...eventOf({}), user: "1" };

test("an event reads back to the bit, and is one line, whatever its user is called", () => {
  const property = fc.property(logs({ maxLength: 3 }), fc.string({ unit: "binary", minLength: 1 }), (events, user) => {
    for (const { user: _, ...event } of events) {
      const line = encodeEventLine({ ...event, user });
      expect(line).not.toMatch(/[\n\r]/);
      expect(line.split("\t")).toHaveLength(LINE_FIELDS.length + 1);
      const back = decodeEventLine(line);
      expect(back.user).toBe(user);
      const changed = LINE_FIELDS.filter(({ name }) => !Object.is(back[name], event[name]));
      expect(changed).toEqual([]);
    }
  });
  fc.assert(property, { numRuns: 300 });
});

test("times as SQL on a JVM writes them are the same numbers", () => {
  const cells = encodeEventLine({ ...blank, tsMs: 1_538_352_117_000 }).split("\t");
  cells[2] = "1.538352117E12";
  expect(decodeEventLine(cells.join("\t")).tsMs).toBe(1_538_352_117_000);
});

describe("what is no line is refused, with the reason", () => {
  const withCell = (at: number, cell: string): string => {
    const cells = encodeEventLine(blank).split("\t");
    cells[at] = cell;
    return cells.join("\t");
  };
  test.each([
    ["an empty line", "", /1 cells, not 15/],
    ["a cell too many", `${encodeEventLine(blank)}\t1`, /16 cells/],
    ["a user without quotes", withCell(0, "7"), /user 7 is no id/],
    ["a user that is no JSON", withCell(0, "ada"), /user ada is no JSON/],
    ["nobody", withCell(0, '""'), /no id/],
    ["a missing time", withCell(2, "\\N"), /tsMs is \\N/],
    ["an empty cell", withCell(4, ""), /item is empty/],
    ["a page beyond a byte", withCell(5, "256"), /page is 256/],
    ["half an item", withCell(4, "0.5"), /item is 0.5/],
    ["an endless time", withCell(1, "1e999"), /knownAtMs is 1e999/],
    ["another base", withCell(3, "0x10"), /sessionId is 0x10/],
  ])("%s", (_, line, reason) => {
    expect(() => decodeEventLine(line)).toThrow(reason);
    expect(() => decodeEventLine(line)).toThrow(expect.objectContaining({ code: "FOLD_REFUSED" }));
  });
});
