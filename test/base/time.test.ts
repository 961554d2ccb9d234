import { expect, test } from "vitest";
import { parseInstant } from "../../src/base/time.js";

test.each([
  ["2018-11-15", Date.UTC(2018, 10, 15)],
  ["2018-11-15T12:00Z", Date.UTC(2018, 10, 15, 12)],
  ["2018-11-15T12:00:00.250+02:00", Date.UTC(2018, 10, 15, 10, 0, 0, 250)],
  ["1542283200000", 1_542_283_200_000],
])("%s is a moment", (text, ms) => {
  expect(parseInstant(text)).toBe(ms);
});

// A time without a zone would mean another moment on another machine.
test.each(["2018-11-15T12:00:00", "soon", "", "15.11.2018", "2018-13-45", "Infinity"])("%j is none", (text) => {
  expect(parseInstant(text)).toBeNull();
});
