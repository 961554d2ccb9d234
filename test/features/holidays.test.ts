import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MS_PER_DAY } from "../../src/base/time.js";
import { holidaysByRule, statesWithRules } from "../../src/features/holiday-rules.js";
import { HOLIDAY_TABLE, TABLE_YEARS } from "../../src/features/holiday-table.js";
import { COUNTRY, HolidayCalendar, holidayState, holidayWord, publicHolidays } from "../../src/features/holidays.js";

const dates = (days: readonly number[]) => days.map((day) => new Date(day * MS_PER_DAY).toISOString().slice(0, 10));
const in2018 = (days: string) => days.split(" ").map((day) => `2018-${day}`);

describe("public holidays", () => {
  // Written out, so that a version of the package that moves one is seen.
  test.each([
    ["CA", "01-01 01-15 02-19 03-31 05-28 07-04 09-03 11-11 11-22 11-23 12-25"],
    ["NY", "01-01 01-15 02-12 02-15 02-19 05-28 07-04 09-03 10-08 11-06 11-11 11-22 12-25"],
    ["TX", "01-01 01-15 02-19 05-28 07-04 09-03 10-08 11-11 11-22 11-23 12-24 12-25 12-26"],
    [COUNTRY, "01-01 01-15 02-19 05-28 07-04 09-03 10-08 11-11 11-22 12-25"],
  ])("of %s in 2018", (code, days) => {
    expect(dates(publicHolidays(code, 2018))).toEqual(in2018(days));
  });

  test("the table is what the rules say, for every state and year in it", () => {
    const codes = [COUNTRY, ...statesWithRules()];
    expect(Object.keys(HOLIDAY_TABLE)).toEqual(codes);
    expect(codes).toHaveLength(52);
    for (const code of codes) {
      const words = HOLIDAY_TABLE[code]?.split(" ");
      expect(words).toHaveLength(TABLE_YEARS.to - TABLE_YEARS.from + 1);
      for (let year = TABLE_YEARS.from; year <= TABLE_YEARS.to; year++) {
        const days = holidaysByRule(code, year);
        expect(days.length).toBeGreaterThan(7);
        expect(words?.[year - TABLE_YEARS.from], `${code} ${year}`).toBe(holidayWord(days, year));
        expect(publicHolidays(code, year)).toEqual(days);
      }
    }
  }, 60_000);

  test("of years outside the table come by the rules", () => {
    expect(dates(publicHolidays("US", 2036))).toContain("2036-07-04");
    expect(dates(publicHolidays("TX", 2010))).toContain("2010-12-26");
  });

  test("are the same in any time zone", () => {
    const script = `import("${new URL("../../dist/features/holiday-rules.js", import.meta.url).href}")
      .then(({ holidaysByRule }) => console.log(JSON.stringify(["HI", "NY"].map((code) => holidaysByRule(code, 2021)))))`;
    const [east, west] = ["Pacific/Kiritimati", "Pacific/Pago_Pago"].map((TZ) =>
      execFileSync(process.execPath, ["-e", script], { env: { ...process.env, TZ }, encoding: "utf8" }),
    );
    expect(east).toBe(west);
    expect(JSON.parse(east ?? "")).toEqual(["HI", "NY"].map((code) => publicHolidays(code, 2021)));
  });

  test("loading the features does not load the package", () => {
    const script = `import("${new URL("../../dist/features/catalogue.js", import.meta.url).href}").then(({ pointInTime }) => {
      const { features } = pointInTime(["", "CA"]);
      const read = (state, cutoff) => features.find((f) => f.name === "holidays_next_11d").read({ profile: { state } }, cutoff);
      const loaded = () => Object.keys(require("node:module")._cache).some((path) => path.includes("date-holidays"));
      const before = [read(1, Date.UTC(2018, 10, 15)), read(0, Date.UTC(2018, 10, 15)), loaded()];
      console.log(JSON.stringify([...before, read(1, Date.UTC(2040, 0, 1)) > 0, loaded()]));
    })`;
    const out = execFileSync(process.execPath, ["-e", script], { encoding: "utf8" });
    expect(JSON.parse(out)).toEqual([2, 1, false, true, true]);
  });
});

test("the state of a user is the first one of the location, the country's holidays where it is none", () => {
  for (const [text, code] of [
    ["CA", "CA"],
    ["NY-NJ-PA", "NY"],
    ["DC-VA-MD-WV", "DC"],
    ["", "US"],
    ["Ontario", "US"],
    ["CAX", "US"],
    ["PR", "US"],
    ["ca", "US"],
  ]) {
    expect(holidayState(text ?? ""), text).toBe(code);
  }
});

describe("a calendar", () => {
  test("counts, and finds the next and the last, as looking at every day does", () => {
    const code = fc.constantFrom("CA", "NY", "TX", "US", "HI");
    const firstDay = Date.UTC(2016, 0) / MS_PER_DAY;
    const property = fc.property(code, fc.nat(3_000), fc.nat(60), (state, ahead, width) => {
      const day = firstDay + ahead;
      const yearOf = (one: number) => new Date(one * MS_PER_DAY).getUTCFullYear();
      const isHoliday = (one: number) => publicHolidays(state, yearOf(one)).includes(one);
      const calendar = new HolidayCalendar(state);
      const window = Array.from({ length: width + 1 }, (_, i) => day + i);
      expect(calendar.countBetween(day, day + width, yearOf(day))).toBe(window.filter(isHoliday).length);
      let next = day + 1;
      while (!isHoliday(next)) next++;
      expect(calendar.daysToNext(day, yearOf(day))).toBe(next - day);
      let last = day;
      while (!isHoliday(last)) last--;
      expect(calendar.daysSinceLast(day, yearOf(day))).toBe(day - last);
    });
    fc.assert(property, { numRuns: 300 });
  });
});
