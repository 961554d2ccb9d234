import fc from "fast-check";
import { expect, test } from "vitest";
import type { EventContent } from "../../../src/features/coded-event.js";
import { addRow } from "../../../src/identity/fold.js";
import { emptySession } from "../../../src/identity/session-state.js";
import type { OwnedRow, SessionRecord } from "../../../src/pipeline/incremental/event-store.js";
import { recordOfSession } from "../../../src/pipeline/incremental/fold-session.js";
import { lastOf, lastText, sessionOf, sessionText } from "../../../src/pipeline/live/record-text.js";

const name = fc.constantFrom("", "7", 'a "b"', "Zoë 🎹", "\\", "\u0001");
const code = fc.integer({ min: 0, max: 255 });
const content: fc.Arbitrary<EventContent> = fc.record({
  tsMs: fc.integer({ min: 0, max: 5_000 }),
  sessionId: fc.maxSafeNat(),
  item: fc.nat(6),
  page: fc.nat(12),
  auth: fc.nat(2),
  level: fc.constantFrom(0, 1, 255),
  status: code,
  length10us: fc.integer({ min: -1, max: 2 ** 31 - 1 }),
  artist: fc.maxSafeInteger(),
  song: fc.maxSafeInteger(),
  registrationMs: fc.oneof(fc.constant(Number.NaN), fc.maxSafeInteger()),
  gender: code,
  stateName: name,
});
const rows = fc.array(fc.tuple(content, fc.constantFrom("", "ada", 'b"ob', "")), { minLength: 1, maxLength: 40 });

function recordOf(events: [EventContent, string][]): SessionRecord {
  return recordOfSession(events.map(([event, userId], row) => ({ ...event, userId, pageName: "Home", row })));
}

test("a record comes back as it was, also as the objects of before", () => {
  const property = fc.property(rows, (events) => {
    const record = recordOf(events);
    expect(sessionOf(sessionText(record))).toEqual(record);
    expect(sessionOf(JSON.stringify(record))).toEqual(record);
  });
  fc.assert(property, { numRuns: 300 });
});

test("the state in a record goes on as the one that was written", () => {
  const later = { user: "ada", tsMs: 9_000, item: 7, page: 1, auth: 0, level: 1, row: 99 };
  const property = fc.property(rows, (events) => {
    const record = recordOf(events);
    const back = sessionOf(sessionText(record));
    expect(addRow(back.state, later)).toEqual(addRow(record.state, later));
    expect(back.state).toEqual(record.state);
  });
  fc.assert(property, { numRuns: 100 });
});

test("a session that nobody has been in yet has a record too", () => {
  const { last } = recordOf([[fc.sample(content, 1)[0] as EventContent, "ada"]]);
  const record = { state: emptySession(), last, owners: { "1/2/3": { user: 'a"b', knownAtMs: 5 } } };
  expect(sessionOf(sessionText(record))).toEqual(record);
});

test("a user's last event comes back as it was, also as the object of before", () => {
  const property = fc.property(fc.record({ event: content, knownAtMs: fc.maxSafeInteger() }), (last: OwnedRow) => {
    const plain = { ...last, knownAtMs: last.knownAtMs + 0 };
    expect(lastOf(lastText(plain))).toEqual(plain);
    expect(lastOf(JSON.stringify(plain))).toEqual(plain);
  });
  fc.assert(property);
});
