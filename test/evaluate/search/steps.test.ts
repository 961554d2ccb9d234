import { describe, expect, test } from "vitest";
import { searchNow, searchSteps, type Trial } from "../../../src/evaluate/search/steps.js";

const settings = Array.from({ length: 28 }, (_, at) => ({ at }));
/** Setting 5 is best, then 6, 4, 7 …; a loss is what its scores say. */
const scoreOf = ({ setting }: Trial): Float64Array => Float64Array.of(Math.abs(setting - 5));
const problem = (search: "grid" | "halving" | "none", count = settings.length) => ({
  search,
  settings: settings.slice(0, count),
  loss: (scores: Float64Array) => scores[0] ?? Number.NaN,
});

/** Rounds of trials, as they are asked for. */
function rounds(search: "grid" | "halving" | "none", count?: number): (readonly Trial[])[] {
  const steps = searchSteps(problem(search, count));
  const asked: (readonly Trial[])[] = [];
  let step = steps.next();
  while (step.done !== true) {
    asked.push(step.value);
    step = steps.next(step.value.map(scoreOf));
  }
  return asked;
}

describe("grid", () => {
  test("every setting once, on all users, the defaults first", () => {
    const asked = rounds("grid").flat();
    expect(asked.map(({ setting }) => setting)).toEqual([...settings.keys()]);
    expect(new Set(asked.map(({ share }) => share))).toEqual(new Set([1]));
    expect(rounds("none", 1)).toEqual([[{ setting: 0, share: 1 }]]);
  });
});

describe("successive halving", () => {
  const asked = rounds("halving");

  test("brackets of nine, three, one: on a ninth, a third and all of the users", () => {
    expect(asked.map((trials) => trials.length)).toEqual([1, 9, 3, 1, 9, 3, 1, 9, 3, 1]);
    for (const trials of asked.slice(1)) {
      const share = { 9: 1 / 9, 3: 1 / 3, 1: 1 }[trials.length];
      expect(trials.every((trial) => trial.share === share)).toBe(true);
    }
  });

  test("the best of a round go on, best first", () => {
    expect(asked[1]?.map(({ setting }) => setting)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(asked[2]?.map(({ setting }) => setting)).toEqual([5, 4, 6]);
    expect(asked[3]?.map(({ setting }) => setting)).toEqual([5]);
  });

  test("what is compared has learned from everybody: one of each bracket, and the defaults", () => {
    const { tried, ran, planned } = searchNow(problem("halving"), scoreOf);
    expect(tried.map(({ params }) => params.at)).toEqual([0, 5, 10, 19]);
    expect({ ran, planned }).toEqual({ ran: 27, planned: 27 });
  });
});

describe("a budget", () => {
  test.each(["grid", "halving"] as const)("%s: as many rounds again come to the same", (search) => {
    const steps = searchSteps(problem(search));
    let step = steps.next();
    for (let round = 0; step.done !== true; round++) step = steps.next(round > 2 ? null : step.value.map(scoreOf));
    const cut = step.value;
    expect(cut.rounds).toBe(2);
    expect(cut.ran).toBe(search === "grid" ? 24 : 9);
    expect(searchNow(problem(search), scoreOf, cut.rounds)).toEqual(cut);
  });

  test("without any time the defaults are still there", () => {
    expect(searchNow(problem("grid"), scoreOf, 0)).toMatchObject({ ran: 0, planned: 27, rounds: 0 });
    expect(searchNow(problem("grid"), scoreOf, 0).tried.map(({ params }) => params.at)).toEqual([0]);
  });
});
