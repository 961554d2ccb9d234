import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { asInstant, MS_PER_DAY } from "../../../src/base/time.js";
import { RISK_SET } from "../../../src/features/risk-set.js";
import { ingest } from "../../../src/pipeline/ingest.js";
import { openSnapshots } from "../../../src/pipeline/kept/from-states.js";
import { currentStates } from "../../../src/pipeline/kept/keep-states.js";
import { loadEvents, recover } from "../../../src/pipeline/recover.js";
import { fromEvents } from "../../../src/pipeline/snapshot-source.js";
import { homePaths } from "../../../src/store/home-paths.js";
import { SEEN_FIRST, SEEN_LATE } from "../incremental/taken-back.js";
import { jsonLines, type TestEvent, temporaryFolder, testWorld, writeLog } from "../ingest-fixture.js";
import { simulatedEvents } from "../simulated-home.js";

const folder = temporaryFolder();
const world = { ...testWorld(), threads: 1 };
let homes = 0;
let log: TestEvent[];

beforeAll(async () => {
  log = await simulatedEvents(folder, { users: 16, seed: 4, days: 30 }, world);
});

const newHome = (): string => join(folder, `home${homes++}`);
const add = (home: string, events: readonly TestEvent[]) =>
  ingest(home, [writeLog(folder, jsonLines(events))], {}, world);
const keptBytes = (home: string): Buffer => readFileSync(join(homePaths(home).folded, "states.bin"));
/** After the header, which knows by how many additions the lake came about. */
const bodyOf = (bytes: Buffer): string => bytes.subarray(bytes.indexOf(10) + 1).toString("hex");

/** What the home keeps, once it was brought up to date, against what a fold of all its events keeps. */
async function expectWhole(home: string): Promise<void> {
  const source = await openSnapshots(home, null, world);
  const whole = fromEvents(await loadEvents(home, world), world);
  const { users, lastTsMs, simulated } = whole;
  expect(source).toMatchObject({ users, lastTsMs, simulated });
  for (const cutoff of [lastTsMs, lastTsMs + 3 * MS_PER_DAY, lastTsMs - 10_000]) {
    for (const riskSet of [null, RISK_SET]) {
      expect(await source.at(asInstant(cutoff), riskSet)).toEqual(await whole.at(asInstant(cutoff), riskSet));
    }
  }
}

/** Takes rows of two users out of a list, at most so many: with more of them everybody would be folded anew. */
function late(list: TestEvent[], most: number): TestEvent[] {
  const two = [...new Set(list.map(({ userId }) => userId))].filter((id) => id !== "").slice(0, 2);
  const taken = new Set(list.filter(({ userId }) => two.includes(userId)).slice(0, most));
  list.splice(0, list.length, ...list.filter((one) => !taken.has(one)));
  return [...taken];
}

describe("kept states", () => {
  test("THE LAW: whatever is added, in parts of any kind, they are the bytes that a whole fold keeps", async () => {
    const seen = { appended: 0, late: 0 };
    const part = fc.record({
      kind: fc.constantFrom("next", "next", "hole", "again", "other user"),
      share: fc.double({ min: 0.02, max: 0.3, noNaN: true }),
    });
    const property = fc.asyncProperty(
      fc.array(part, { minLength: 2, maxLength: 3 }),
      fc.nat(9),
      async (parts, turn) => {
        const home = newHome();
        const pool = log.filter((_, i) => i % 10 !== turn);
        const holes = log.filter((_, i) => i % 10 === turn);
        let at = Math.floor(pool.length * 0.3);
        await add(home, pool.slice(0, at));
        await currentStates(home, world);
        for (const { kind, share } of parts) {
          const size = Math.ceil(share * pool.length);
          if (kind === "next") {
            await add(home, pool.slice(at, at + size));
            at += size;
          } else if (kind === "hole") await add(home, late(holes, Math.ceil(size / 10)));
          else if (kind === "again") await add(home, pool.slice(0, size));
          else await add(home, [{ ...pool[at], userId: "stranger", sessionId: 900_000 + at, itemInSession: 0 }]);
          const { folded, kept } = await currentStates(home, world);
          expect(kept.users.size).toBeGreaterThanOrEqual(folded);
          if (folded > 0 && folded < kept.users.size) seen[kind === "hole" ? "late" : "appended"]++;
          const bytes = bodyOf(keptBytes(home));
          const attributed = readFileSync(homePaths(home).attributions);
          await recover(home, null, world);
          expect(readFileSync(homePaths(home).attributions).equals(attributed), kind).toBe(true);
          writeFileSync(join(homePaths(home).folded, "states.bin"), "nothing");
          await currentStates(home, world);
          expect(bytes === bodyOf(keptBytes(home)), kind).toBe(true);
        }
        await expectWhole(home);
      },
    );
    const hole = [
      { kind: "hole", share: 0.1 },
      { kind: "next", share: 0.1 },
    ];
    await fc.assert(property, { numRuns: 6, examples: [[hole, 3]] });
    expect(Math.min(seen.appended, seen.late)).toBeGreaterThan(0);
  });

  test("only who changed is folded, and nobody when nothing did", async () => {
    const home = newHome();
    const middle = { from: log[2_000]?.ts as number, to: log[4_500]?.ts as number };
    const late = ({ userId, ts }: TestEvent) =>
      userId === log[0]?.userId && (ts as number) > middle.from && (ts as number) < middle.to;
    await add(
      home,
      log.filter((event) => !late(event)),
    );
    const first = await currentStates(home, world);
    expect(first.folded).toBe(first.kept.users.size);
    expect((await currentStates(home, world)).folded).toBe(0);
    expect((await add(home, log.filter(late))).accepted).toBeGreaterThan(10);
    const { folded } = await currentStates(home, world);
    expect(folded).toBeGreaterThan(0);
    expect(folded).toBeLessThan(5);
    await expectWhole(home);
  });

  test("a user from whom a late row takes an attribution is folded from the start", async () => {
    const home = newHome();
    const others = log.slice(0, 2_000);
    await add(home, [...others, ...SEEN_FIRST]);
    await currentStates(home, world);
    // She comes again too, so that there is something to go on with.
    const again = { ...SEEN_FIRST[0], sessionId: 78, ts: (SEEN_FIRST[0]?.ts as number) + 3_600_000 };
    await add(home, [...SEEN_LATE, again]);
    expect((await currentStates(home, world)).folded).toBe(2);
    await expectWhole(home);
  });

  test("where they are damaged, of other accumulators, or cannot be written, the answer is the same", async () => {
    const home = newHome();
    await add(home, log.slice(0, 1_500));
    await expectWhole(home);
    const file = join(homePaths(home).folded, "states.bin");
    const whole = keptBytes(home);
    const other = whole.toString("latin1").replace(/"fingerprint":"../, '"fingerprint":"zz');
    const damaged = Buffer.from(whole);
    damaged[whole.length - 500] = (damaged[whole.length - 500] ?? 0) ^ 1;
    for (const bytes of [Buffer.from("{}\n"), Buffer.from(other, "latin1"), damaged, whole.subarray(0, 900)]) {
      writeFileSync(file, bytes);
      const { folded, kept } = await currentStates(home, world);
      expect(folded).toBe(kept.users.size);
      expect(keptBytes(home).equals(whole)).toBe(true);
      await expectWhole(home);
    }
    await add(home, log.slice(1_500, 1_600));
    await loadEvents(home, world);
    // Process 1 is always alive.
    writeFileSync(homePaths(home).lock, JSON.stringify({ pid: 1, command: "other" }));
    await expectWhole(home);
    expect(keptBytes(home).equals(whole)).toBe(true);
    rmSync(homePaths(home).lock);
    await expectWhole(home);
    expect(keptBytes(home).equals(whole)).toBe(false);
  });

  test("one copy is kept, however often it changes", async () => {
    const home = newHome();
    for (let from = 0; from < 1_500; from += 500) {
      await add(home, log.slice(from, from + 500));
      await currentStates(home, world);
    }
    const names = readdirSync(homePaths(home).folded).sort();
    expect(names).toEqual([expect.stringMatching(/^attributions-[0-9a-f]{16}\.parquet$/), "states.bin"]);
    expect(existsSync(homePaths(home).lock)).toBe(false);
  });
});
