import { asInstant, type Instant } from "../../../src/base/time.js";
import { pointInTime } from "../../../src/features/catalogue.js";
import { type CodedEvent, codedEvent } from "../../../src/features/coded-event.js";
import { foldUsers } from "../../../src/features/fold-users.js";
import { takeSnapshots } from "../../../src/features/snapshot-plan.js";
import { encodeStates } from "../../../src/features/state-codec/state-codec.js";
import { StateNames } from "../../../src/features/state-names.js";
import { IncrementalFold } from "../../../src/pipeline/incremental/incremental-fold.js";
import { ingest } from "../../../src/pipeline/ingest.js";
import { loadEvents } from "../../../src/pipeline/recover.js";
import { eventSchema } from "../../../src/schema/event.js";
import type { EventColumns } from "../../../src/schema/event-columns.js";
import { jsonLines, type TestEvent, testWorld, writeLog } from "../ingest-fixture.js";
import { MemoryStore } from "./memory-store.js";

/** User → the bytes of its states, and cutoff → its features. Maps and texts, so that a difference is readable. */
export interface Folded {
  readonly states: ReadonlyMap<string, string>;
  readonly features: ReadonlyMap<string, readonly number[]>;
}

const FOREVER = asInstant(8_640_000_000_000_000);
const rowName = (user: string, cutoff: number): string => `${user} at ${cutoff}`;

/** Through the lake: ingest, recover, read, fold. */
export async function batchColumns(folder: string, home: string, events: readonly TestEvent[]): Promise<EventColumns> {
  const world = { ...testWorld(), threads: 1 };
  await ingest(home, [writeLog(folder, jsonLines(events))], {}, world);
  return loadEvents(home, world);
}

export function inBatch(columns: EventColumns, cutoffs: readonly Instant[]): Folded {
  const catalogue = pointInTime(columns.states);
  const everyone = { from: 0, to: columns.users.length };
  const states = new Map<string, string>();
  foldUsers(columns, { catalogue, cutoffs: [FOREVER], ...everyone }, (user, _, one) => {
    const bytes = encodeStates(catalogue.accumulators, one, new StateNames(columns.states));
    states.set(columns.users[user] ?? "", Buffer.from(bytes).toString("hex"));
  });
  const part = takeSnapshots(columns, { catalogue: "point-in-time", cutoffs, riskSet: null }, everyone);
  const width = catalogue.features.length;
  const features = new Map<string, readonly number[]>();
  part.userIndex.forEach((user, row) => {
    const name = rowName(columns.users[user] ?? "", part.cutoffMs[row] ?? 0);
    features.set(name, [...part.values.subarray(row * width, (row + 1) * width)]);
  });
  return { states, features };
}

export const coded = (events: readonly TestEvent[]): CodedEvent[] =>
  events.map((event) => codedEvent(eventSchema.parse(event)));

/** Batch after batch through the incremental path. */
export async function incrementally(
  batches: readonly (readonly CodedEvent[])[],
  cutoffs: readonly Instant[],
): Promise<Folded> {
  const store = new MemoryStore();
  const fold = new IncrementalFold(store);
  for (const batch of batches) await fold.add(batch);
  const stored = new Map<string, Uint8Array>();
  for (const user of store.users) stored.set(user, (await store.user(user))?.states ?? new Uint8Array(0));
  return foldedOf(stored, cutoffs, (user, cutoff) => fold.featuresAt(user, cutoff));
}

/** What a store holds: the states as they lie there, the features as it gives them. */
export async function foldedOf(
  stored: ReadonlyMap<string, Uint8Array>,
  cutoffs: readonly Instant[],
  featuresAt: IncrementalFold["featuresAt"],
): Promise<Folded> {
  const states = new Map<string, string>();
  const features = new Map<string, readonly number[]>();
  for (const [user, bytes] of stored) {
    states.set(user, Buffer.from(bytes).toString("hex"));
    for (const cutoff of cutoffs) {
      const row = await featuresAt(user, cutoff);
      if (row !== null) features.set(rowName(user, cutoff), [...row]);
    }
  }
  return { states, features };
}
