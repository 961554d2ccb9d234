import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { RefrainError } from "../../src/base/errors.js";
import { MS_PER_DAY } from "../../src/base/time.js";
import { eventSchema } from "../../src/schema/event.js";
import { SIMULATE_DEFAULTS } from "../../src/simulate/options.js";
import { simulate } from "../../src/simulate/simulate.js";
import { atomicFile, memorySink } from "../../src/simulate/write-log.js";
import { quietWorld, type Row, type Simulated, simulated } from "./world.js";

const OPTIONS = { users: 225, days: 30, seed: 3 };
let world: Simulated;
beforeAll(async () => {
  world = await simulated(OPTIONS);
});

/** Each row of a user with the one before it. */
function pairs(): [Row, Row][] {
  return [...world.byUser.values()].flatMap((rows) => rows.slice(1).map((row, i): [Row, Row] => [rows[i] as Row, row]));
}

describe("a simulated log", () => {
  it("is the same for the same seed, byte by byte, and another for another", async () => {
    const small = { users: 12, days: 10 };
    const [one, again, other] = await Promise.all([
      simulated(small),
      simulated(small),
      simulated({ ...small, seed: 2 }),
    ]);
    expect(again.digest).toBe(one.digest);
    expect(again.summary).toEqual(one.summary);
    expect(other.digest).not.toBe(one.digest);
  });

  it("is in order of time, inside the days asked for, and of the public schema", () => {
    const { rows } = world;
    expect(rows.every((row, i) => i === 0 || row.ts >= (rows[i - 1] as Row).ts)).toBe(true);
    expect(rows[0]?.ts).toBeGreaterThanOrEqual(SIMULATE_DEFAULTS.start);
    expect(rows.at(-1)?.ts).toBeLessThan(SIMULATE_DEFAULTS.start + OPTIONS.days * MS_PER_DAY);
    for (const row of rows.slice(0, 2000)) expect(eventSchema.safeParse(row).success).toBe(true);
  });

  it("counts itself", () => {
    const { rows, summary } = world;
    expect(summary.events).toBe(rows.length);
    expect(summary.blankUserIds).toBe(rows.filter((row) => row.userId === "").length);
    expect(summary.churned).toBe(rows.filter((row) => row.page === "Cancellation Confirmation").length);
    expect(new Set(rows.map((row) => row.userId).filter((id) => id !== "")).size).toBe(OPTIONS.users);
    expect(summary.users).toBe(OPTIONS.users);
  });

  it("numbers the items of a session without a hole, from 0 unless the log began in it", () => {
    const holes = pairs().filter(([before, row]) =>
      before.sessionId === row.sessionId ? row.itemInSession !== before.itemInSession + 1 : row.itemInSession !== 0,
    );
    expect(holes).toEqual([]);
  });

  it("numbers the sessions of each run from 1 in order of their start, so that runs share ids", () => {
    const runs = new Map<number, Map<number, number>>();
    for (const [user, rows] of world.byUser) {
      const run = Math.floor(Number(user) / 100_000);
      const starts = runs.get(run) ?? new Map<number, number>();
      runs.set(run, starts);
      for (const row of rows) if (!starts.has(row.sessionId)) starts.set(row.sessionId, row.ts);
    }
    for (const starts of runs.values()) {
      const times = [...starts].sort(([a], [b]) => a - b).map(([, ts]) => ts);
      expect(times.every((ts, i) => i === 0 || ts >= (times[i - 1] as number))).toBe(true);
    }
    const ids = [...runs.values()].flatMap((starts) => [...starts.keys()]);
    expect(ids.length - new Set(ids).size).toBeGreaterThanOrEqual(100);
  });

  it("answers redirects one second after the row before, and lets songs end", () => {
    const late = pairs().filter(
      ([before, row]) =>
        before.sessionId === row.sessionId &&
        ((row.status === 307 && row.ts - before.ts !== 1000) ||
          (row.page === "NextSong" &&
            before.page === "NextSong" &&
            (before.length as number) >= 1 &&
            row.ts - before.ts !== Math.floor(before.length as number) * 1000)),
    );
    expect(late).toEqual([]);
  });

  it("hides who is logged out or a guest", () => {
    const wrong = world.rows.filter(
      (row) => (row.userId === "") !== (row.auth === "Logged Out" || row.auth === "Guest"),
    );
    expect(wrong).toEqual([]);
  });

  it("keeps level and standing unless a page changes them", () => {
    const wrong = pairs().filter(([before, row]) => {
      if (row.level !== before.level) return before.page !== "Submit Upgrade" && before.page !== "Submit Downgrade";
      if (before.sessionId !== row.sessionId) return row.auth !== before.auth;
      if (before.page === "Logout" && row.page === "Home") return row.auth !== "Logged Out";
      return before.page === "Login" && row.page === "Home" && row.auth !== "Logged In";
    });
    expect(wrong).toEqual([]);
  });

  it("never hears of a cancelled user again", () => {
    for (const rows of world.byUser.values()) {
      const end = rows.findIndex((row) => row.page === "Cancellation Confirmation");
      if (end < 0) continue;
      expect(end).toBe(rows.length - 1);
      expect(rows[end - 1]?.page).toBe("Cancel");
    }
  });
});

describe("the truth", () => {
  it("owns every row that names nobody, once", () => {
    const owned = world.truth.filter((line) => line.kind === "row").map((line) => line.line);
    const blank = world.rows.flatMap((row, i) => (row.userId === "" ? [i + 1] : []));
    expect(owned).toEqual(blank);
  });

  it("knows every user, and when each cancelled", () => {
    const users = world.truth.filter((line) => line.kind === "user");
    expect(new Set(users.map((line) => line.user))).toEqual(new Set(world.byUser.keys()));
    for (const { user, cancelledAt } of users) {
      const last = world.byUser.get(user)?.at(-1) as Row;
      expect(cancelledAt).toBe(last.page === "Cancellation Confirmation" ? last.ts : null);
    }
  });

  it("follows guests into the users they become, registered when they arrived", () => {
    const { rows, truth, byUser } = world;
    const guests = truth.filter((line) => line.guest === true);
    expect(guests.every((line) => rows[line.line - 1]?.auth === "Guest")).toBe(true);
    const became = new Set(guests.map((line) => line.userId).filter((id) => id !== null));
    expect(became.size).toBeGreaterThan(0);
    for (const id of became) {
      const own = byUser.get(id) as readonly Row[];
      const named = own.find((row) => row.userId !== "") as Row;
      expect(named.page).toBe("Home");
      expect(own[own.indexOf(named) - 1]?.page).toBe("Submit Registration");
      expect(named.registration).toBe(own[0]?.ts);
    }
  });
});

describe("files", () => {
  it("appear whole when committed, and not at all when abandoned", async () => {
    const folder = mkdtempSync(join(tmpdir(), "simulate-"));
    const path = join(folder, "log.jsonl");
    try {
      const left = await atomicFile(path);
      await left.write(new TextEncoder().encode("half of a"));
      await left.abandon();
      expect(readdirSync(folder)).toEqual([]);
      const kept = await atomicFile(path);
      const { events } = await simulate(
        { ...SIMULATE_DEFAULTS, users: 20, days: 7 },
        { log: kept, truth: null },
        quietWorld,
      );
      expect(existsSync(path)).toBe(false);
      await kept.commit();
      expect(readdirSync(folder)).toEqual(["log.jsonl"]);
      expect(readFileSync(path, "utf8").split("\n").length - 1).toBe(events);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("end where the work is interrupted, or cannot be written", async () => {
    const stopped = { ...quietWorld, signal: { aborted: true } };
    const small = { ...SIMULATE_DEFAULTS, users: 60, days: 30 };
    await expect(simulate(small, { log: memorySink(), truth: null }, stopped)).rejects.toThrow("Interrupted");
    const full = { write: () => Promise.reject(new Error("disk full")) };
    await expect(simulate(small, { log: full, truth: null }, quietWorld)).rejects.toThrow("disk full");
    await expect(atomicFile(join(tmpdir(), "no", "such", "folder"))).rejects.toThrow(RefrainError);
  });

  it("are refused with advice when the options make no sense", async () => {
    for (const bad of [
      { users: 0 },
      { days: 1.5 },
      { seasons: 1 },
      { satisfaction: -1 },
      { changeDay: 99 },
      { growth: -1 },
      { thenChanges: [{ scenario: "steady", day: 20 }] },
      { thenChanges: [{ scenario: "drift", day: 1 }] },
    ] as const) {
      await expect(simulated(bad)).rejects.toThrow(RefrainError);
    }
  });
});
