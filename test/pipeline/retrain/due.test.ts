import { describe, expect, it } from "vitest";
import { MS_PER_DAY } from "../../../src/base/time.js";
import { causesOf, type DueFacts, type DueRule } from "../../../src/pipeline/retrain/due.js";

const NOW = 1000 * MS_PER_DAY;
const RULE: DueRule = { everyDays: 30, pauseDays: 7, floors: { rocAuc: 0.6, liftAt10: 1.5, f1: null } };
const FRESH: DueFacts = {
  nowMs: NOW,
  championSinceMs: NOW - 10 * MS_PER_DAY,
  lastAttemptMs: null,
  quality: null,
  drift: null,
};
const kinds = (changes: Partial<DueFacts>, rule: Partial<DueRule> = {}) =>
  causesOf({ ...FRESH, ...changes }, { ...RULE, ...rule }).map(({ kind }) => kind);
const figure = (value: number, upper95: number) => ({ value, upper95 });
const quality = (positives: number, upper95: number) => ({
  positives,
  rocAuc: figure(upper95 - 0.05, upper95),
  liftAt10: figure(2, 3),
  f1: figure(0.1, 0.2),
});

describe("a retraining is due", () => {
  it("by time: so many days since the champion, or since the last retraining, whichever is later", () => {
    expect(kinds({})).toEqual([]);
    expect(kinds({ championSinceMs: NOW - 30 * MS_PER_DAY })).toEqual(["time"]);
    const tried = { championSinceMs: NOW - 90 * MS_PER_DAY, lastAttemptMs: NOW - 29 * MS_PER_DAY };
    expect(kinds(tried)).toEqual([]);
    expect(kinds({ ...tried, lastAttemptMs: NOW - 30 * MS_PER_DAY })).toEqual(["time"]);
  });

  it("by quality: where even the upper bound is below the floor, and of enough positives", () => {
    expect(kinds({ quality: quality(30, 0.59) })).toEqual(["quality"]);
    expect(kinds({ quality: quality(29, 0.59) })).toEqual([]);
    expect(kinds({ quality: quality(300, 0.61) })).toEqual([]);
    expect(kinds({ quality: quality(300, 0.61) }, { floors: { ...RULE.floors, f1: 0.75 } })).toEqual(["quality"]);
    expect(kinds({ quality: { ...quality(300, 0.9), rocAuc: null } })).toEqual([]);
  });

  it("by drift: an alarm since the champion and the last retraining", () => {
    const alarm = (days: number) => ({ atMs: NOW - days * MS_PER_DAY, what: "thumbs_down_14d" });
    expect(kinds({ drift: alarm(1) })).toEqual(["drift"]);
    expect(kinds({ drift: alarm(11) })).toEqual([]);
    expect(kinds({ drift: alarm(9), lastAttemptMs: NOW - 8 * MS_PER_DAY })).toEqual([]);
  });

  it("not again by quality or drift soon after a retraining", () => {
    const bad = { quality: quality(300, 0.5), drift: { atMs: NOW, what: "x" } };
    expect(kinds({ ...bad, lastAttemptMs: NOW - 6.9 * MS_PER_DAY })).toEqual([]);
    expect(kinds({ ...bad, lastAttemptMs: NOW - 7 * MS_PER_DAY })).toEqual(["quality", "drift"]);
  });

  it("never because a clock went back", () => {
    expect(kinds({ championSinceMs: NOW + 400 * MS_PER_DAY, lastAttemptMs: NOW + 390 * MS_PER_DAY })).toEqual([]);
  });
});
