import { describe, expect, test } from "vitest";
import { asInstant } from "../../src/base/time.js";
import { featureNames, takeSnapshots } from "../../src/features/snapshot-plan.js";
import { columnsOf, eventOf } from "./columns.js";
import { readOne, STATE_NAMES } from "./reading.js";

const ofState = (name: string, feature: string, cutoff: string) =>
  readOne(feature, [eventOf({ state: STATE_NAMES.indexOf(name) })], Date.parse(cutoff));
const anywhere = (feature: string, cutoff: string) => ofState("", feature, cutoff);

describe("the place in the year", () => {
  test("is_weekend is that of the UTC day", () => {
    expect(anywhere("is_weekend", "2018-11-16T23:59:59.999Z")).toBe(0);
    expect(anywhere("is_weekend", "2018-11-17T00:00:00Z")).toBe(1);
    expect(anywhere("is_weekend", "2018-11-18T23:59:59Z")).toBe(1);
    expect(anywhere("is_weekend", "2018-11-19T00:00:00Z")).toBe(0);
  });

  test("month_position is 0 on the first day and below 1 on the last", () => {
    expect(anywhere("month_position", "2018-11-01T20:00:00Z")).toBe(0);
    expect(anywhere("month_position", "2018-11-16T20:00:00Z")).toBe(0.5);
    expect(anywhere("month_position", "2020-02-29T00:00:00Z")).toBeCloseTo(28 / 29, 12);
    expect(anywhere("month_position", "2018-12-31T00:00:00Z")).toBeCloseTo(30 / 31, 12);
  });

  test("winter_index and spring_index go round once a year", () => {
    expect(anywhere("winter_index", "2019-01-01T00:00:00Z")).toBe(1);
    expect(anywhere("spring_index", "2019-01-01T00:00:00Z")).toBe(0);
    // 183 of 366 days.
    expect(anywhere("winter_index", "2020-07-02T12:00:00Z")).toBe(-1);
    expect(anywhere("spring_index", "2018-04-02T00:00:00Z")).toBeGreaterThan(0.999);
    expect(anywhere("spring_index", "2018-10-01T00:00:00Z")).toBeLessThan(-0.999);
  });
});

describe("public holidays of the user's state", () => {
  test.each([
    // Columbus Day, 8 October, is kept in Texas and New York and not in California.
    ["TX", "days_to_holiday", "2018-10-07T23:00:00Z", 1],
    ["CA", "days_to_holiday", "2018-10-07T23:00:00Z", 35],
    ["TX", "days_to_holiday", "2018-10-08T00:00:00Z", 34],
    ["TX", "days_since_holiday", "2018-10-08T12:00:00Z", 0],
    ["CA", "days_since_holiday", "2018-10-08T12:00:00Z", 35],
    // Election Day, 6 November, in New York; Veterans Day on the 11th everywhere.
    ["NY-NJ-PA", "holidays_next_11d", "2018-11-01T09:00:00Z", 2],
    ["OH", "holidays_next_11d", "2018-11-01T09:00:00Z", 1],
    ["", "holidays_next_11d", "2018-11-01T09:00:00Z", 1],
    // The eleventh day counts, the cutoff's own day does not.
    ["CA", "holidays_next_11d", "2018-11-11T00:00:00Z", 1],
    ["CA", "holidays_next_11d", "2018-11-12T00:00:00Z", 2],
    // The days after Thanksgiving and around Christmas in Texas; over the turn of the year.
    ["TX", "holidays_14d", "2018-12-31T00:00:00Z", 3],
    ["OH", "holidays_14d", "2019-01-02T00:00:00Z", 2],
    ["OH", "days_since_holiday", "2019-01-03T00:00:00Z", 2],
    ["OH", "days_to_holiday", "2018-12-26T00:00:00Z", 6],
    // Today so far and fourteen whole days before it.
    ["OH", "holidays_14d", "2018-11-25T00:00:00Z", 2],
    ["OH", "holidays_14d", "2018-11-26T00:00:00Z", 1],
  ])("%s %s at %s is %d", (state, feature, cutoff, value) => {
    expect(ofState(state, feature, cutoff)).toBe(value);
  });
});

test("a state's code differs between logs, its holidays do not", () => {
  const cutoff = asInstant(Date.parse("2018-11-14T12:00:00Z"));
  const plan = { catalogue: "point-in-time", cutoffs: [cutoff], riskSet: null } as const;
  const of = (states: readonly string[], state: number) => {
    const columns = { ...columnsOf([eventOf({ state })], 1), states };
    const { values } = takeSnapshots(columns, plan, { from: 0, to: 1 });
    return Array.from(values);
  };
  const texas = of(["", "TX"], 1);
  expect(of(["", "CA", "OH", "TX-AR"], 3)).toEqual(texas);
  // The day after Thanksgiving is kept in Texas and not in Ohio, whose holidays are the country's.
  const ahead = featureNames(plan).indexOf("holidays_next_11d");
  expect(texas[ahead]).toBe(2);
  expect(of(["", "OH"], 1)[ahead]).toBe(1);
  expect(of(["", "Ontario"], 1)).toEqual(of([""], 0));
});
