import { beforeAll, describe, expect, it } from "vitest";
import { needsShared, readShared } from "../shared.js";
import { type Row, type Simulated, simulated } from "./world.js";

const TARGETS = "reference/marginals/targets.json";
const USERS = 400;

interface Totals {
  readonly all: { readonly mean: number; readonly q: readonly number[] };
}
interface Targets {
  readonly page_mix: {
    readonly full_log_15437_users_rows_with_user: { readonly share: Readonly<Record<string, number>> };
  };
  readonly logged_out: { readonly share_of_rows: { readonly full_log: number } };
  readonly churn: { readonly full_22277: { readonly share: number } };
  readonly per_user_full: {
    readonly whole_history_totals_truncated_by_churn: Readonly<Record<string, Totals>>;
  };
  readonly users: { readonly level: { readonly ever_paid_share: { readonly full_15437: number } } };
}

describe.skipIf(needsShared(TARGETS))(`${USERS} listeners for 61 days, beside ${TARGETS}`, () => {
  const targets = readShared<Targets>(TARGETS);
  let world: Simulated;
  beforeAll(async () => {
    world = await simulated({ users: USERS, days: 61, seed: 2 });
  });

  it("pages come as often, by level and without a user", () => {
    const mix = (rows: readonly Row[]) => {
      const counts = new Map<string, number>();
      for (const { page } of rows) counts.set(page, (counts.get(page) ?? 0) + 1);
      return (page: string) => (counts.get(page) ?? 0) / rows.length;
    };
    const known = mix(world.rows.filter((row) => row.userId !== ""));
    const blank = mix(world.rows.filter((row) => row.userId === ""));
    const full = targets.page_mix.full_log_15437_users_rows_with_user.share;
    for (const page of ["NextSong", "Home", "Thumbs Up", "Add to Playlist", "Add Friend", "Help", "Settings"]) {
      expect(known(page) / (full[page] as number), page).toBeCloseTo(1, 0.8);
    }
    for (const page of ["Thumbs Down", "Roll Advert", "Downgrade"]) {
      expect(Math.abs(known(page) / (full[page] as number) - 1), page).toBeLessThan(0.25);
    }
    expect(Math.abs(blank("Home") - 0.5266)).toBeLessThan(0.03);
    expect(Math.abs(blank("Login") - 0.381)).toBeLessThan(0.03);
    expect(Math.abs(blank("About") - 0.057)).toBeLessThan(0.015);
  });

  it("as many rows have no user", () => {
    const { blankUserIds, events } = world.summary;
    expect(Math.abs(blankUserIds / events - targets.logged_out.share_of_rows.full_log)).toBeLessThan(0.002);
  });

  it("as many cancel, and as many ever pay", () => {
    const churned = world.summary.churned / USERS;
    expect(Math.abs(churned - targets.churn.full_22277.share)).toBeLessThan(3.5 * Math.sqrt((0.22 * 0.78) / USERS));
    const paid = [...world.byUser.values()].filter((rows) => rows.some((row) => row.level === "paid")).length / USERS;
    const target = targets.users.level.ever_paid_share.full_15437;
    expect(Math.abs(paid - target)).toBeLessThan(3.5 * Math.sqrt((0.73 * 0.27) / USERS) + 0.02);
  });

  it("users have as many sessions and songs", () => {
    const totals = targets.per_user_full.whole_history_totals_truncated_by_churn;
    const known = [...world.byUser.values()].map((rows) => rows.filter((row) => row.userId !== ""));
    const measured = {
      sessions: known.map((rows) => new Set(rows.map((row) => row.sessionId)).size),
      songs: known.map((rows) => rows.filter((row) => row.page === "NextSong").length),
    };
    for (const name of ["sessions", "songs"] as const) {
      const sorted = measured[name].sort((a, b) => a - b);
      const target = totals[name]?.all as Totals["all"];
      const mean = sorted.reduce((sum, value) => sum + value, 0) / USERS;
      expect(Math.abs(mean / target.mean - 1), name).toBeLessThan(0.15);
      for (const [level, at] of [
        [25, 3],
        [50, 4],
        [75, 5],
      ] as const) {
        const value = sorted[Math.floor((USERS * level) / 100)] as number;
        expect(Math.abs(value / (target.q[at] as number) - 1), `${name} ${level}%`).toBeLessThan(0.22);
      }
    }
  });

  it("sessions hold as many songs and cancellations", () => {
    const sessions = [...world.byUser.values()].reduce(
      (sum, rows) => sum + new Set(rows.map((r) => r.sessionId)).size,
      0,
    );
    const songs = world.rows.filter((row) => row.page === "NextSong").length;
    expect(Math.abs(songs / sessions / 70 - 1)).toBeLessThan(0.08);
    expect(Math.abs(world.summary.churned / sessions / 0.01669 - 1)).toBeLessThan(0.3);
  });
});
