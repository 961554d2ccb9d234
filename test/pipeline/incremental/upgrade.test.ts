import { expect, test } from "vitest";
import { asInstant } from "../../../src/base/time.js";
import { POINT_IN_TIME } from "../../../src/features/catalogue.js";
import { emptyStates } from "../../../src/features/fold.js";
import { encodeStates } from "../../../src/features/state-codec/state-codec.js";
import { StateNames } from "../../../src/features/state-names.js";
import { IncrementalFold } from "../../../src/pipeline/incremental/incremental-fold.js";
import { event } from "../ingest-fixture.js";
import { coded } from "./both-ways.js";
import { MemoryStore } from "./memory-store.js";

/** What a version whose `pages` were of another kind would have stored. */
function ofAnotherVersion(): Uint8Array {
  const { accumulators } = POINT_IN_TIME;
  const other = { ...accumulators, pages: { ...accumulators.pages, version: 99 } };
  return encodeStates(other, emptyStates(POINT_IN_TIME), new StateNames());
}

test("a state that another version stored is folded again from the events, when read and when added to", async () => {
  const events = coded([event({ userId: "a" }), event({ userId: "a", page: "NextSong" }), event({ userId: "a" })]);
  const end = asInstant(Number.MAX_SAFE_INTEGER);
  const straight = new MemoryStore();
  await new IncrementalFold(straight).add(events);

  const upgraded = new MemoryStore();
  const fold = new IncrementalFold(upgraded);
  await fold.add(events.slice(0, 2));
  const record = await upgraded.user("a");
  if (record === null) throw new Error("nothing was stored");
  const before = await fold.featuresAt("a", end);
  await upgraded.saveUser("a", { ...record, states: ofAnotherVersion() });
  expect(await fold.featuresAt("a", end)).toEqual(before);
  await fold.add(events.slice(2));
  expect((await upgraded.user("a"))?.states).toEqual((await straight.user("a"))?.states);
});

test("events that were there, and users who are not, change and give nothing", async () => {
  const fold = new IncrementalFold(new MemoryStore());
  const events = coded([event({ userId: "a" }), event({ userId: "", auth: "Guest" })]);
  expect(await fold.add(events)).toEqual({ accepted: 2, duplicates: 0, users: ["a"] });
  expect(await fold.add([...events, ...events])).toEqual({ accepted: 0, duplicates: 4, users: [] });
  expect(await fold.featuresAt("nobody", asInstant(0))).toBeNull();
  expect(await fold.featuresAt("a", asInstant(0))).toBeNull();
});
