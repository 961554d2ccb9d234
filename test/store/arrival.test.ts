import fc from "fast-check";
import { expect, it } from "vitest";
import { Arrival } from "../../src/store/arrival.js";
import { emptyBatch } from "../../src/store/event-batch.js";

const row = fc.record({ ts: fc.nat(6), session: fc.nat(1), item: fc.nat(1), profile: fc.nat(3), request: fc.nat(3) });
/** Two profiles of each user, two requests of each page. */
const KEYS = { userOf: (profile: number) => profile >> 1, pageOf: (request: number) => request >> 1 };

it("calls a log ordered and distinct only when it is", () => {
  let yes = 0;
  fc.assert(
    fc.property(fc.array(row, { maxLength: 9 }), fc.boolean(), fc.nat(9), (given, sorted, cut) => {
      const rows = sorted ? given.toSorted((a, b) => a.ts - b.ts) : given;
      const arrival = new Arrival(KEYS);
      for (const some of [rows.slice(0, cut), rows.slice(cut)]) {
        const batch = emptyBatch(16);
        some.forEach(({ ts, session, item, profile, request }, i) => {
          batch.tsMs[i] = ts;
          batch.sessionId[i] = session;
          batch.item[i] = item;
          batch.profile[i] = profile;
          batch.request[i] = request;
          batch.line[i] = rows.indexOf(some[i] as (typeof rows)[number]);
        });
        batch.rows = some.length;
        arrival.add(batch);
      }
      const isOrdered = rows.every(({ ts }, i) => i === 0 || ts >= (rows[i - 1]?.ts ?? 0));
      const keyOf = ({ ts, session, item, profile, request }: (typeof rows)[number]) =>
        [ts, session, item, KEYS.userOf(profile), KEYS.pageOf(request)].join();
      const isDistinct = new Set(rows.map(keyOf)).size === rows.length;
      expect(arrival.isOrderedAndDistinct).toBe(isOrdered && isDistinct);
      if (arrival.isOrderedAndDistinct && rows.length > 2) yes++;
    }),
    { numRuns: 500 },
  );
  expect(yes).toBeGreaterThan(20);
});

it("doubts a moment with very many rows, and lines that go back", () => {
  const many = emptyBatch(300);
  for (let i = 0; i < 300; i++) many.item[i] = many.line[i] = i;
  many.rows = 300;
  const crowded = new Arrival(KEYS);
  crowded.add(many);
  expect(crowded.isOrderedAndDistinct).toBe(false);
  const back = emptyBatch(2);
  back.tsMs.set([1, 2]);
  back.line.set([7, 6]);
  back.rows = 2;
  const reversed = new Arrival(KEYS);
  reversed.add(back);
  expect(reversed.isOrderedAndDistinct).toBe(false);
});
