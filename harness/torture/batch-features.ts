import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { asInstant } from "#src/base/time.js";
import { writeFeatures } from "#src/pipeline/features.js";
import { ingest } from "#src/pipeline/ingest.js";
import type { ServiceProcess } from "../service-process.js";
import { QUIET_WORLD } from "../world.js";
import type { SentEvent } from "./load.js";

/** User → feature → value; null is missing. */
type Features = ReadonlyMap<string, Readonly<Record<string, number | null>>>;

/** What `refrain features --at` writes of events, from a home of their own in `folder`, into which they are taken once. */
export class BatchFeatures {
  readonly #home: string;
  readonly #log: string;
  #taken: Promise<unknown> | null = null;
  readonly #at = new Map<number, Promise<Features>>();

  constructor(folder: string, events: readonly SentEvent[]) {
    this.#home = mkdtempSync(join(folder, "batch-"));
    this.#log = join(this.#home, "kept.jsonl");
    writeFileSync(this.#log, events.map((event) => `${JSON.stringify(event)}\n`).join(""));
  }

  at(ms: number): Promise<Features> {
    const known = this.#at.get(ms) ?? this.#written(ms);
    this.#at.set(ms, known);
    return known;
  }

  async #written(atMs: number): Promise<Features> {
    this.#taken ??= ingest(this.#home, [this.#log], {}, QUIET_WORLD);
    await this.#taken;
    const out = join(this.#home, `features-${atMs}.csv`);
    await writeFeatures(this.#home, { out, cutoffs: { at: asInstant(atMs) }, allUsers: true }, QUIET_WORLD);
    return featuresIn(out);
  }
}

function featuresIn(csv: string): Features {
  const [header = "", ...lines] = readFileSync(csv, "utf8").trimEnd().split("\n");
  const [, , ...names] = header.split(",");
  return new Map(
    lines.map((line) => {
      const [user = "", , ...cells] = line.split(",");
      const cellOf = (i: number) => (cells[i] === "" ? null : Number(cells[i]));
      return [user, Object.fromEntries(names.map((name, i) => [name, cellOf(i)]))];
    }),
  );
}

/** THE PARITY LAW over HTTP: `GET /users/ID?as_of=` of every user is what the batch gives, bit for bit. Returns how many users. */
export async function assertParity(service: ServiceProcess, batch: Features, users: readonly string[], atMs: number) {
  for (const user of users) {
    const { status, body } = await service.ask(`/users/${encodeURIComponent(user)}?as_of=${isoOf(atMs)}`);
    const expected = batch.get(user);
    if (expected === undefined) {
      assert.equal(status, 404, `${user} is not known by ${isoOf(atMs)}, and the answer is ${status}`);
      continue;
    }
    assert.equal(status, 200, `${user}: ${JSON.stringify(body)}`);
    const live = body.features as Record<string, number | null>;
    for (const [name, value] of Object.entries(expected)) {
      assert.ok(Object.is(live[name], value), `${user} ${name}: live ${live[name]}, batch ${value}`);
    }
    assert.equal(Object.keys(live).length, Object.keys(expected).length);
  }
  return batch.size;
}

/** Users by id, and moments in the middle and at the end. */
export function spanOf(events: readonly SentEvent[]): { users: string[]; moments: number[] } {
  const times = events.map(({ ts }) => Number(ts)).sort((a, b) => a - b);
  const users = new Set(events.map(({ userId }) => String(userId ?? "")));
  users.delete("");
  return { users: [...users], moments: [times[Math.floor(times.length * 0.6)] ?? 0, times.at(-1) ?? 0] };
}

function isoOf(ms: number): string {
  return new Date(ms).toISOString();
}
