import { beforeAll, describe, expect, it } from "vitest";
import { NULL_HAZARD_PER_DAY } from "../../src/simulate/scenario.js";
import { type Row, type Simulated, simulated } from "./world.js";

const DAYS = 40;
const CUT = 20;
let world: Simulated;
beforeAll(async () => {
  world = await simulated({ users: 400, days: DAYS, seed: 11, scenario: "null" });
});

describe("the world in which nothing can be told", () => {
  it("says so", () => {
    const { oracleAuc, attainableAuc, oracleAveragePrecision, attainableAveragePrecision, baseRate } = world.summary;
    expect([oracleAuc, attainableAuc]).toEqual([0.5, 0.5]);
    expect([oracleAveragePrecision, attainableAveragePrecision]).toEqual([baseRate, baseRate]);
  });

  it("loses its listeners at the hazard it states", () => {
    const expected = 1 - Math.exp(-NULL_HAZARD_PER_DAY * DAYS);
    const sd = Math.sqrt((expected * (1 - expected)) / world.summary.users);
    expect(Math.abs(world.summary.churned / world.summary.users - expected)).toBeLessThan(3.5 * sd);
  });

  it("lets them cancel in a session of its own", () => {
    for (const rows of world.byUser.values()) {
      const last = rows.at(-1) as Row;
      if (last.page !== "Cancellation Confirmation") continue;
      const session = rows.filter((row) => row.sessionId === last.sessionId).map((row) => row.page);
      expect(session.filter((page) => page !== "Login").join(" ")).toBe(
        "Home Settings Cancel Cancellation Confirmation",
      );
    }
  });

  it("cancels alike whatever was done before", () => {
    const cutoff = (world.rows[0] as Row).ts + CUT * 86_400_000;
    const alive = [...world.byUser.values()].flatMap((rows) => {
      const before = rows.filter((row) => row.ts <= cutoff);
      if (before.length === 0 || before.at(-1)?.page === "Cancellation Confirmation") return [];
      const count = (page: string) => before.filter((row) => row.page === page).length;
      return [
        {
          churned: rows.at(-1)?.page === "Cancellation Confirmation",
          rows: before.length,
          recency: cutoff - (before.at(-1) as Row).ts,
          adverts: count("Roll Advert") / before.length,
          down: count("Thumbs Down") / before.length,
          settings: count("Settings"),
        },
      ];
    });
    for (const measure of ["rows", "recency", "adverts", "down", "settings"] as const) {
      const sorted = [...alive].sort((a, b) => a[measure] - b[measure]);
      const half = Math.floor(sorted.length / 2);
      const share = (group: typeof alive) => group.filter((user) => user.churned).length / group.length;
      const base = share(alive);
      const sd = Math.sqrt((base * (1 - base) * 2) / half);
      expect(Math.abs(share(sorted.slice(0, half)) - share(sorted.slice(half))), measure).toBeLessThan(3.5 * sd);
    }
  });
});
