import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { aucOf, betweenUserCv, hazard } from "../../bench/marginal-figures.js";
import { compare, MARGINALS, nameOf, type Targets } from "../../bench/marginal-rows.js";
import { type Tallied, tallyWorlds, type UserTally } from "../../bench/marginal-tally.js";
import { MS_PER_DAY } from "../../src/base/time.js";
import { needsShared, readShared } from "../shared.js";

const TARGETS = "reference/marginals/targets.json";
const USERS = 1000;
/** A small world may be off by chance as well. */
const STANDARD_ERRORS = 3;

describe.skipIf(needsShared(TARGETS))(`${USERS} listeners for 61 days, beside ${TARGETS}`, () => {
  const targets = readShared<Targets>(TARGETS);
  let tallied: Tallied;
  beforeAll(async () => {
    tallied = await tallyWorlds(USERS, [2]);
  });
  const beyond = (compared: ReturnType<typeof compare>) =>
    compared.filter(({ off, allowed, se }) => !(off <= allowed + STANDARD_ERRORS * se));

  it("each marginal is within its tolerance, chance allowed for", () => {
    const missed = beyond(compare(targets, tallied)).map(
      ({ row, target, simulated, se }) => `${nameOf(row)}: ${simulated} ± ${se}, not ${target}`,
    );
    expect(missed).toEqual([]);
  });

  it("would tell if the targets were half as large again", () => {
    const larger = (value: unknown): unknown => {
      if (typeof value === "number") return value * 1.5;
      if (Array.isArray(value)) return value.map(larger);
      if (typeof value !== "object" || value === null) return value;
      return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, larger(one)]));
    };
    expect(beyond(compare(larger(targets) as Targets, tallied)).length).toBeGreaterThan(0.75 * MARGINALS.length);
  });
});

describe("the table in docs/simulator.md", () => {
  const page = readFileSync(resolve(import.meta.dirname, "../../docs/simulator.md"), "utf8");
  const lines = page.split("\n").filter((line) => /\| (yes|\*\*no\*\*) \|$/.test(line));

  it("has every marginal, in order", () => {
    expect(lines.map((line) => line.split(" | ")[0]?.slice(2))).toEqual(MARGINALS.map(nameOf));
  });

  it("says of each that is not met why", () => {
    const missed = lines.filter((line) => line.includes("**no**")).map((line) => line.split(" | ")[0]?.slice(2) ?? "");
    for (const name of missed) expect(page).toContain(`- Not met: ${name} (`);
    expect(page).not.toContain("No reason is known.");
    expect(page).toContain(`${lines.length - missed.length} of ${lines.length} are within their tolerance.`);
  });
});

describe("the figures, by hand", () => {
  const user = (fields: Partial<UserTally>): UserTally => ({
    pages: new Map(),
    sessions: new Map(),
    rows: 0,
    paidRows: 0,
    first: 0,
    last: 0,
    registration: 0,
    gender: "F",
    cancelledAt: null,
    ...fields,
  });
  const left = (days: number) => user({ last: days * MS_PER_DAY, cancelledAt: days * MS_PER_DAY });

  it("hazard: cancellations over the days that users were there in the window", () => {
    // From day 1 to 3: one stays both days, one leaves on day 2, one was gone before.
    expect(hazard([user({ last: 50 * MS_PER_DAY }), left(2), left(0.5)], 1, 3)).toBeCloseTo(1 / 3, 12);
  });

  it("AUC: pairs in the right order, ties one half", () => {
    const value = (one: UserTally) => one.rows;
    const users = [left(1), left(1), user({}), user({})].map((one, i) => ({ ...one, rows: [3, 1, 1, 0][i] ?? 0 }));
    expect(aucOf(users, value)).toBe(3.5 / 4);
  });

  it("spread between users: none where all have the same rate, 20% where half have 0.8 and half 1.2 of it", () => {
    const counts = (songs: number, ups: number) =>
      user({
        pages: new Map([
          ["NextSong", songs],
          ["Thumbs Up", ups],
        ]),
      });
    expect(betweenUserCv([counts(1000, 50), counts(1000, 50)], "Thumbs Up")).toBe(0);
    const cv = betweenUserCv([counts(1e8, 4e6), counts(1e8, 6e6)], "Thumbs Up");
    expect(cv).toBeCloseTo(0.2, 4);
  });
});
