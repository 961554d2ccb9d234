import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EventReader, type RawEvent } from "../../../src/pipeline/ingest/event-reader.js";
import { EventRows } from "../../../src/pipeline/ingest/event-rows.js";
import { checkEvents } from "../../../src/pipeline/live/check-events.js";
import { rawEventOf } from "../../../src/pipeline/live/event-texts.js";
import { AUTHS, LEVELS } from "../../../src/schema/pages.js";
import { NOW_MS } from "../ingest-fixture.js";
import { rowOf } from "../read-json-log.js";

const text = fc.option(fc.constantFrom("", "[", '"', "\\", "a,b", "Jóga 🎹", "null", "\u0001"));
const anyEvent = fc.record(
  {
    ts: fc.integer({ min: 1e12, max: NOW_MS }),
    userId: fc.constantFrom("", "7", 8, " x ", null),
    sessionId: fc.constantFrom(0, "12", 2 ** 53 - 1),
    itemInSession: fc.nat(2_147_483_647),
    page: fc.constantFrom("Home", "Weird A"),
    auth: fc.option(fc.constantFrom(...AUTHS)),
    method: text,
    status: fc.option(fc.constantFrom(0, 200, "404")),
    level: fc.option(fc.constantFrom(...LEVELS)),
    location: text,
    userAgent: text,
    firstName: text,
    lastName: text,
    gender: text,
    registration: fc.option(fc.integer({ min: -1e12, max: 1e12 })),
    artist: text,
    song: text,
    length: fc.option(fc.double({ min: 0, max: 21_474, noNaN: true })),
  },
  { requiredKeys: ["ts", "sessionId", "itemInSession", "page"] },
);

const rowIn = (event: RawEvent) => {
  const reader = new EventReader(NOW_MS, new EventRows());
  expect(reader.read(event, 0)).toBeNull();
  return rowOf(reader.rows.take(), 0);
};

describe("what is kept of a live event", () => {
  it("is all that ingest keeps of it", () => {
    fc.assert(
      fc.property(anyEvent, (event) => {
        const [kept] = checkEvents([event], NOW_MS).events;
        if (kept?.texts === undefined) throw new Error("the event was not taken");
        expect(rowIn(rawEventOf(kept, kept.texts))).toEqual(rowIn(event as RawEvent));
      }),
      { numRuns: 1000 },
    );
  });
});
