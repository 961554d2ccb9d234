import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { RefrainError } from "../../../src/base/errors.js";
import { asInstant, type Instant } from "../../../src/base/time.js";
import { LiveEvents } from "../../../src/pipeline/live/live-events.js";
import { LiveMemory } from "../../../src/pipeline/live/live-memory.js";
import { LiveReader } from "../../../src/pipeline/live/live-reader.js";
import { askedThrough } from "../../store/live/asked-through.js";
import { BACKENDS, storeOfTests } from "../../store/live/backends.js";
import { coded } from "../incremental/both-ways.js";
import { cut } from "../incremental/parity-law.js";
import { type TestEvent, temporaryFolder, testWorld } from "../ingest-fixture.js";
import { simulatedEvents } from "../simulated-home.js";

const folder = temporaryFolder();
const world = testWorld();
let log: TestEvent[];
let users: string[];
let end: Instant;

beforeAll(async () => {
  log = await simulatedEvents(folder, { users: 12, seed: 4, days: 21 }, world, 900);
  users = [...new Set(log.map(({ userId }) => String(userId ?? "")))].filter((user) => user !== "");
  end = asInstant(Math.max(...log.map(({ ts }) => ts as number)));
});

for (const { name, isAbsent, place } of BACKENDS) {
  describe.skipIf(isAbsent)(`reading users: ${name}`, () => {
    const store = storeOfTests(place);
    let statements: number;
    let failure: Error | null;

    beforeEach(() => {
      statements = 0;
      failure = null;
    });

    const watched = () =>
      askedThrough(store.db, async (sql, text, values) => {
        statements++;
        if (failure !== null) throw failure;
        return sql.query(text, values);
      });
    const featuresOf = (reader: LiveReader, user: string, asOf: Instant) =>
      reader.read(user, asOf, (states, { catalogue }) => catalogue.features.map(({ read }) => read(states, asOf)));
    const expected = async (user: string, asOf: Instant) => {
      const features = await new LiveEvents(store.db, world).featuresAt(user, asOf);
      return features === null ? null : [...features];
    };

    test("asked for in one turn they are read by one statement, and nobody is mistaken for another", async () => {
      await new LiveEvents(store.db, world).add(coded(log));
      const reader = new LiveReader(watched(), new LiveMemory());
      const asked = [...users, "nobody", ...users];
      const once = await Promise.all(asked.map((user) => featuresOf(reader, user, end)));
      expect(statements).toBe(1);
      const again = await Promise.all(asked.map((user) => featuresOf(reader, user, end)));
      expect(statements).toBe(2);
      for (const [i, user] of asked.entries()) {
        const features = await expected(user, end);
        expect([once[i], again[i]]).toEqual([features, features]);
      }
    });

    test("as of a moment before the last event they are folded from their events", async () => {
      await new LiveEvents(store.db, world).add(coded(log));
      const reader = new LiveReader(watched(), new LiveMemory());
      const half = asInstant((log[450] as TestEvent).ts as number);
      for (const user of users) expect(await featuresOf(reader, user, half)).toEqual(await expected(user, half));
      expect(await featuresOf(reader, users[0] as string, asInstant(0))).toBeNull();
    });

    test("while batches come, in this process and in another, each answer is that of a commit, and the last of all of them", async () => {
      const memory = new LiveMemory();
      const reader = new LiveReader(watched(), memory);
      const writers = [new LiveEvents(store.db, world, memory), new LiveEvents(store.db, world)];
      const [user] = users as [string];
      const seen: unknown[] = [];
      const commits: unknown[] = [null];
      for (const [i, events] of cut(coded(log), [60]).entries()) {
        const written = writers[i % 2]?.add(events);
        for (let n = 0; n < 8; n++) {
          const found = reader.read(user, end, ({ profile }) => profile.events);
          seen.push(n % 2 === 0 ? await found : found);
        }
        await written;
        commits.push(await reader.read(user, end, ({ profile }) => profile.events));
      }
      for (const events of await Promise.all(seen)) expect(commits).toContain(events);
      for (const one of users) expect(await featuresOf(reader, one, end)).toEqual(await expected(one, end));
    });

    test("where the store is away everybody who asked is told, and the next is answered again", async () => {
      await new LiveEvents(store.db, world).add(coded(log));
      const reader = new LiveReader(watched(), new LiveMemory());
      failure = new RefrainError("STORE_UNAVAILABLE", { reason: "it is away" });
      const answers = await Promise.allSettled(users.map((user) => featuresOf(reader, user, end)));
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set(["rejected"]));
      failure = null;
      expect(await featuresOf(reader, users[0] as string, end)).not.toBeNull();
    });
  });
}
