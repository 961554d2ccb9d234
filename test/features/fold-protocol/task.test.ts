import { expect, test } from "vitest";
import { asInstant } from "../../../src/base/time.js";
import { POINT_IN_TIME } from "../../../src/features/catalogue.js";
import { fingerprintOf } from "../../../src/features/fold-protocol/fingerprint.js";
import { acceptTask, foldTask } from "../../../src/features/fold-protocol/task.js";
import type { SnapshotPlan } from "../../../src/features/snapshot-plan.js";

const plan: SnapshotPlan = { catalogue: "point-in-time", cutoffs: [asInstant(5)], riskSet: null };

test("a worker of the same build takes the task, also as the JSON of a command line", () => {
  expect(acceptTask(foldTask(plan))).toBe(plan);
  expect(acceptTask(JSON.parse(JSON.stringify(foldTask(plan))))).toEqual(plan);
});

test("another protocol and other features are refused", () => {
  const task = foldTask(plan);
  expect(() => acceptTask({ ...task, protocol: 99 })).toThrow(/speaks version \d+, the task 99/);
  const refused = expect.objectContaining({ code: "FOLD_REFUSED", exit: 1 });
  expect(() => acceptTask({ ...task, fingerprint: "0" })).toThrow(refused);
  const wholeHistory = { ...plan, catalogue: "whole-history" } as const;
  expect(() => acceptTask({ ...task, plan: wholeHistory })).toThrow(refused);
});

test("the fingerprint follows versions and names", () => {
  const { name, accumulators, features } = POINT_IN_TIME;
  const seen = new Set([
    fingerprintOf(POINT_IN_TIME),
    fingerprintOf({ name: "other", accumulators, features }),
    fingerprintOf({ name, accumulators, features: features.slice(1) }),
    fingerprintOf({ name, accumulators: { ...accumulators, pages: { name: "pages", version: 99 } }, features }),
  ]);
  expect(seen.size).toBe(4);
  expect(fingerprintOf({ ...POINT_IN_TIME })).toBe(fingerprintOf(POINT_IN_TIME));
});
