import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { MS_PER_DAY, MS_PER_HOUR } from "../../src/base/time.js";
import { daysOn } from "../../src/pipeline/explore/clock.js";
import { explore } from "../../src/pipeline/explore.js";
import { ingest } from "../../src/pipeline/ingest.js";
import type { ExploreDocument } from "../../src/schema/explore-document.js";
import { needsShared, sharedPath } from "../shared.js";
import { event, jsonLines, type TestEvent, temporaryFolder, testWorld, writeLog } from "./ingest-fixture.js";
import { simulatedLog } from "./simulated-home.js";

const folder = temporaryFolder();
const world = testWorld();

async function explored(name: string, log: string): Promise<ExploreDocument> {
  const home = join(folder, name);
  await ingest(home, [log], { map: {} }, world);
  return explore(home, world);
}

interface Row {
  readonly ts: number;
  readonly userId: string;
  readonly sessionId: number;
  readonly page: string;
  readonly level: string;
  readonly length?: number;
}

function groupBy<T>(rows: readonly T[], keyOf: (row: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const key = keyOf(row);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return groups;
}

const median = (values: readonly number[]) => {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] ?? 0) + (sorted[Math.ceil(middle)] ?? 0)) / 2;
};

describe("a simulated log, beside a count of its lines", () => {
  let rows: Row[];
  let document: ExploreDocument;
  beforeAll(async () => {
    const { log } = await simulatedLog(folder, { users: 80, days: 40, seed: 3 }, world);
    rows = readFileSync(log, "utf8")
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as Row);
    document = await explored("simulated", log);
  });

  test("says that it is simulated, and which time it counts in", () => {
    expect(document.simulated).toBe(true);
    expect(document.timeZone).toBe("UTC");
  });

  test("volumes, in all and by day", () => {
    const { volumes } = document;
    expect(volumes.events).toBe(rows.length);
    expect(volumes.users).toBe(80);
    expect(volumes.eventsWithoutUser).toBe(rows.filter(({ userId }) => userId === "").length);
    expect(volumes.musicHours).toBeCloseTo(rows.reduce((sum, { length = 0 }) => sum + length, 0) / 3600, 3);
    const byDay = groupBy(rows, ({ ts }) => new Date(ts).toISOString().slice(0, 10));
    expect(volumes.perDay.map(({ day, events, users, songs }) => ({ day, events, users, songs }))).toEqual(
      [...byDay].map(([day, own]) => ({
        day,
        events: own.length,
        users: new Set(own.map(({ userId }) => userId).filter((id) => id !== "")).size,
        songs: own.filter(({ page }) => page === "NextSong").length,
      })),
    );
  });

  test("pages, beside the songs of their plan", () => {
    for (const { page, events, per1000Songs } of document.pages) {
      expect(events, page).toBe(rows.filter((row) => row.page === page).length);
      const of = (name: string, level: string) =>
        rows.filter((row) => row.page === name && row.level === level && row.userId !== "").length;
      const free = (1000 * of(page, "free")) / of("NextSong", "free");
      expect(per1000Songs.free, page).toBeCloseTo(free, 9);
    }
    expect(document.pages.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 9);
  });

  test("sessions and users, hours and weekdays", () => {
    const known = rows.filter(({ userId }) => userId !== "");
    const sessions = [...groupBy(known, ({ userId, sessionId }) => `${userId}/${sessionId}`).values()];
    expect(document.volumes.sessions).toBe(sessions.length);
    expect(document.sessions.events.quantiles?.[2]).toBe(median(sessions.map(({ length }) => length)));
    expect(document.sessions.events.histogram.reduce((sum, { n }) => sum + n, 0)).toBe(sessions.length);
    const starts = sessions.map((own) => new Date(own[0]?.ts ?? 0).getUTCHours());
    expect(document.clock.hours.map(({ sessionStarts }) => sessionStarts)).toEqual(
      Array.from({ length: 24 }, (_, hour) => starts.filter((at) => at === hour).length),
    );
    expect(document.clock.weekdays.reduce((sum, { events }) => sum + events, 0)).toBe(rows.length);
    expect(document.clock.weekdays.reduce((sum, { days }) => sum + days, 0)).toBe(40);
    expect(document.users.plans.reduce((sum, { users }) => sum + users, 0)).toBe(80);
  });

  test("churn, survival and retention add up", () => {
    const cancelled = rows.filter(({ page }) => page === "Cancellation Confirmation").length;
    expect(document.churn?.cancelled).toBe(cancelled);
    expect(document.survival.reduce((sum, curve) => sum + curve.cancelled, 0)).toBe(cancelled);
    expect(document.survival.reduce((sum, curve) => sum + curve.users, 0)).toBe(80);
    expect(document.churn?.pageBefore.reduce((sum, { users }) => sum + users, 0)).toBe(cancelled);
    expect(document.volumes.perDay.reduce((sum, day) => sum + day.cancelled, 0)).toBe(cancelled);
    const { firstSeen } = document.retention;
    expect(firstSeen.reduce((sum, { users }) => sum + users, 0)).toBe(80);
    expect(firstSeen[0]?.steps[0]).toEqual({ users: firstSeen[0]?.users, active: firstSeen[0]?.users });
    for (const { active, users } of firstSeen.flatMap(({ steps }) => steps)) expect(active).toBeLessThanOrEqual(users);
  });
});

describe("by hand", () => {
  const T = Date.UTC(2018, 0, 1);
  const at = (days: number, fields: TestEvent) => event({ ts: T + days * MS_PER_DAY, ...fields });
  const song = (days: number, fields: TestEvent) => at(days, { page: "NextSong", length: 100, ...fields });

  test("each oddity is counted once, and only where it is", async () => {
    const rows = [
      at(0, { userId: "", auth: "Logged Out", level: undefined, page: "About" }),
      at(0.1, { userId: "a", sessionId: 1, itemInSession: 0, registration: T + MS_PER_DAY }),
      at(0.05, { userId: "a", sessionId: 1, itemInSession: 1, registration: T + MS_PER_DAY }),
      at(0.2, { userId: "b", sessionId: 1, itemInSession: 0, registration: T - 1, page: "Moon" }),
      at(0.2, { userId: "b", sessionId: 2, itemInSession: 9, registration: T - 2, page: "Moon" }),
      ...[0, 1, 2, 3, 4].map((i) =>
        song(4 + i / 100, { userId: "c", sessionId: 50, itemInSession: i, length: 21_000 }),
      ),
      at(6, { userId: "c", sessionId: 50, itemInSession: 6, page: "Cancellation Confirmation" }),
      at(6.5, { userId: "c", sessionId: 50, itemInSession: 7 }),
      song(6.5, { userId: "a", sessionId: 51, length: null, registration: T + MS_PER_DAY }),
    ];
    const { oddities } = await explored("odd", writeLog(folder, jsonLines(rows)));
    expect(Object.fromEntries(oddities.map(({ code, found, of }) => [code, [found, of]]))).toEqual({
      rows_without_user: [1, 13],
      session_ids_shared: [1, 4],
      days_without_events: [4, 7],
      events_after_cancellation: [1, 7],
      nearly_duplicate: [1, 12],
      clock_went_back: [1, 12],
      pages_unknown: [2, 13],
      level_unknown: [1, 13],
      songs_without_length: [1, 6],
      days_over_24_hours_of_music: [1, 5],
      sessions_over_24_hours: [1, 5],
      registered_after_first_event: [1, 3],
      registration_unknown: [1, 3],
      several_registrations: [1, 3],
    });
  });

  test("retention counts whole weeks of a user, and only them", async () => {
    // a: first day 0, comes in weeks 0 and 2; b: first day 3, week 0 only; the log ends with day 20, so b has two weeks.
    const rows = [at(0, { userId: "a" }), at(14, { userId: "a" }), at(3, { userId: "b" }), at(20, { userId: "a" })];
    const { retention, survival, churn } = await explored("retention", writeLog(folder, jsonLines(rows)));
    expect(retention.stepDays).toBe(7);
    expect(retention.firstSeen).toEqual([
      {
        from: "2018-01-01",
        users: 2,
        steps: [
          { users: 2, active: 2 },
          { users: 2, active: 0 },
          { users: 1, active: 1 },
        ],
      },
    ]);
    expect(churn).toBeNull();
    expect(survival).toEqual([{ plan: "free", users: 2, cancelled: 0, medianDays: null, points: [] }]);
  });

  test("survival starts at the first event, by the plan then, and ends with the data", async () => {
    const rows = [
      at(0, { userId: "a", level: "paid" }),
      at(2, { userId: "b", level: "free" }),
      at(3, { userId: "b", level: "paid", sessionId: 900, itemInSession: 0, page: "Downgrade" }),
      at(3, { userId: "b", level: "paid", sessionId: 900, itemInSession: 1, page: "Cancel" }),
      at(3, { userId: "b", level: "paid", sessionId: 900, itemInSession: 2, page: "Cancellation Confirmation" }),
      at(5, { userId: "c", level: "free" }),
      at(10, { userId: "a", level: "paid" }),
    ];
    const { survival, churn } = await explored("survival", writeLog(folder, jsonLines(rows)));
    expect(survival.map(({ plan, users, cancelled }) => ({ plan, users, cancelled }))).toEqual([
      { plan: "free", users: 2, cancelled: 1 },
      { plan: "paid", users: 1, cancelled: 0 },
    ]);
    expect(survival[0]?.points).toMatchObject([{ day: 1, atRisk: 2, survival: 0.5 }]);
    expect(survival[0]?.medianDays).toBe(1);
    // 10 days of a, 1 of b, 5 of c.
    expect(churn?.per1000UserDays).toBeCloseTo(1000 / 16, 10);
    expect(churn?.pageBefore).toEqual([{ page: "Downgrade", users: 1 }]);
  });

  test("a log in which nobody is named", async () => {
    const rows = [at(0, { userId: "", auth: "Logged Out" }), at(1, { userId: "", auth: "Logged Out" })];
    const { users, volumes, churn, survival, retention, sessions } = await explored(
      "nobody",
      writeLog(folder, jsonLines(rows)),
    );
    expect([users.n, volumes.events, churn, survival, retention.firstSeen]).toEqual([0, 2, null, [], []]);
    expect(sessions.gapHours).toEqual({ n: 0, mean: null, quantiles: null, histogram: [] });
  });

  test("weekdays of a span", () => {
    const monday = Date.UTC(2018, 0, 1) / MS_PER_DAY;
    expect([0, 1, 6].map((weekday) => daysOn(weekday, monday, monday + 7))).toEqual([2, 1, 1]);
    expect(daysOn(3, 0, 0)).toBe(1);
    expect(daysOn(2, -1, -1)).toBe(1);
  });

  test("gaps are from the end of a session to the next start", async () => {
    const rows = [0, 1, 25].map((hours, i) =>
      event({ userId: "g", ts: T + hours * MS_PER_HOUR, sessionId: i < 2 ? 1 : 2, itemInSession: i }),
    );
    const { sessions } = await explored("gaps", writeLog(folder, jsonLines(rows)));
    expect(sessions.gapHours).toMatchObject({ n: 1, mean: 24, histogram: [{ from: 16, to: 32, n: 1 }] });
    expect(sessions.minutes.quantiles?.[4]).toBeCloseTo(57, 10);
  });
});

const RAW = "data/sparkify-raw-users/events.jsonl";
describe.skipIf(needsShared(RAW))(`five users of ${RAW}`, () => {
  test("are described as their file says", async () => {
    const document = await explored("five", sharedPath(RAW));
    expect(document).toMatchObject({
      simulated: false,
      volumes: { events: 3452, users: 5, sessions: 48, eventsWithoutUser: 0 },
      churn: { cancelled: 2, share: 0.4 },
    });
  });
});

test("an empty home has nothing to describe", async () => {
  await expect(explore(join(folder, "absent"), world)).rejects.toMatchObject({ code: "NO_DATA" });
});
