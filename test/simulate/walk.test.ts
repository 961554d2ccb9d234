import { describe, expect, it } from "vitest";
import { addDays } from "../../src/base/time.js";
import { moodsOf } from "../../src/simulate/mood.js";
import { SIMULATE_DEFAULTS } from "../../src/simulate/options.js";
import { POPULATIONS } from "../../src/simulate/populations.js";
import { SCENARIO_NAMES, walkBook, walksAt } from "../../src/simulate/scenario.js";
import { STANDINGS, sessionOutlook } from "../../src/simulate/session-matrix.js";
import { STATES, stateIndex } from "../../src/simulate/states.js";
import { buildWalk, END } from "../../src/simulate/transitions.js";
import { needsShared, readShared } from "../shared.js";

const TARGETS = "reference/marginals/targets.json";

interface ByLevel {
  readonly free: number;
  readonly paid: number;
}
interface Variant {
  readonly songs_per_session: ByLevel;
  readonly rows_per_session: ByLevel;
  readonly cancel_per_session: ByLevel;
}
interface Expectation {
  readonly rows: number;
  readonly songs: number;
  readonly p_cancelled: number;
  readonly p_ends_free_logged_in: number;
  readonly p_ends_paid_logged_in: number;
  readonly per_1000_songs: Readonly<Record<string, number>>;
}
interface Targets {
  readonly generator: {
    readonly variants_by_walk: Readonly<Record<string, Variant>>;
    readonly template_session_expectations: Readonly<Record<string, Expectation>>;
  };
}

describe("the walk", () => {
  it("leaves no more than everything and goes nowhere unknown, in every scenario and mood", () => {
    for (const scenario of SCENARIO_NAMES) {
      const book = walkBook([{ scenario, day: 30 }], moodsOf(1), SIMULATE_DEFAULTS.start);
      for (const walk of book.walks.flat(2)) {
        for (let row = 0; row < STATES.length; row++) {
          const shares = walk.probability.subarray(row * (STATES.length + 1), (row + 1) * (STATES.length + 1));
          expect(shares.every((share) => share >= 0)).toBe(true);
          expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9);
        }
      }
    }
  });

  it("conserves listeners: a session ends in a standing or in a cancellation", () => {
    for (const population of POPULATIONS) {
      const walk = buildWalk(population.changes);
      for (const standing of STANDINGS) {
        const { endsIn, cancel } = sessionOutlook(walk, standing);
        expect(endsIn.reduce((sum, share) => sum + share, cancel)).toBeCloseTo(1, 12);
      }
    }
  });

  it("concept changes what cancelling follows from and no other page", () => {
    const book = walkBook([{ scenario: "concept", day: 30 }], moodsOf(0), SIMULATE_DEFAULTS.start);
    const before = book.walks[0]?.[1]?.[0];
    const after = book.walks[1]?.[1]?.[0];
    const row = stateIndex("Logged In|free", "Roll Advert") * (STATES.length + 1);
    const cancel = stateIndex("Logged In|free", "Cancel");
    expect(before?.probability[row + cancel]).toBeCloseTo(0.01, 12);
    expect(after?.probability[row + cancel]).toBeCloseTo(0.001, 12);
    expect(after?.probability[row + END]).toBeCloseTo(before?.probability[row + END] as number, 12);
  });

  it("adds a change to those before it", () => {
    const changes = [
      { scenario: "drift", day: 30 },
      { scenario: "concept", day: 40 },
    ] as const;
    const { start } = SIMULATE_DEFAULTS;
    const book = walkBook(changes, moodsOf(0), start);
    const at = (day: number) => walksAt(book, addDays(start, day))[1]?.[0]?.probability;
    const alone = walkBook([changes[0]], moodsOf(0), start).walks;
    expect(at(29.9)).toEqual(alone[0]?.[1]?.[0]?.probability);
    expect(at(30)).toEqual(alone[1]?.[1]?.[0]?.probability);
    const row = stateIndex("Logged In|free", "Roll Advert") * (STATES.length + 1);
    expect(at(40)?.[row + stateIndex("Logged In|free", "Cancel")]).toBeCloseTo(0.001, 12);
    const song = stateIndex("Logged In|free", "NextSong") * (STATES.length + 1);
    const advert = song + stateIndex("Logged In|free", "Roll Advert");
    expect(at(40)?.[advert]).toBe(at(30)?.[advert]);
    expect(at(30)?.[advert]).toBeGreaterThan(at(29)?.[advert] ?? 1);
  });

  describe.skipIf(needsShared(TARGETS))(`meets ${TARGETS}`, () => {
    const targets = readShared<Targets>(TARGETS).generator;

    it("songs, rows and cancellations per session of the four populations, to the four digits given", () => {
      for (const { name, changes } of POPULATIONS) {
        const walk = buildWalk(changes);
        const variant = targets.variants_by_walk[name] as Variant;
        for (const level of ["free", "paid"] as const) {
          const outlook = sessionOutlook(walk, `Logged In|${level}`);
          expect(outlook.songs / variant.songs_per_session[level]).toBeCloseTo(1, 3);
          expect(outlook.rows / variant.rows_per_session[level]).toBeCloseTo(1, 3);
          expect(outlook.cancel / variant.cancel_per_session[level]).toBeCloseTo(1, 3);
        }
      }
    });

    it("the template's sessions from each standing", () => {
      const walk = buildWalk({});
      for (const standing of STANDINGS) {
        const outlook = sessionOutlook(walk, standing);
        const target = targets.template_session_expectations[standing] as Expectation;
        expect(outlook.rows / target.rows).toBeCloseTo(1, 3);
        expect(outlook.songs / target.songs).toBeCloseTo(1, 3);
        expect(outlook.cancel / target.p_cancelled).toBeCloseTo(1, 3);
        expect(outlook.endsIn[0]).toBeCloseTo(target.p_ends_free_logged_in, 3);
        expect(outlook.endsIn[1]).toBeCloseTo(target.p_ends_paid_logged_in, 3);
        for (const [page, rate] of Object.entries(target.per_1000_songs)) {
          const visits = STATES.reduce((sum, s, i) => sum + (s.page === page ? (outlook.visits[i] as number) : 0), 0);
          expect((1000 * visits) / outlook.songs / rate, page).toBeCloseTo(1, 2);
        }
      }
    });
  });
});
