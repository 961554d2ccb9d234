import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { SentEvent } from "./load.js";
import { refrain, type ServiceProcess } from "./service-process.js";

/** User → feature → value; null is missing. */
type Features = ReadonlyMap<string, Readonly<Record<string, number | null>>>;

/** What `refrain features --at` writes of the events, in a home of their own. */
export function batchFeatures(folder: string, events: readonly SentEvent[], atMs: number): Features {
  const place = { home: join(folder, "home"), url: null };
  const log = join(folder, "kept.jsonl");
  const out = join(folder, `features-${atMs}.csv`);
  writeFileSync(log, events.map((event) => `${JSON.stringify(event)}\n`).join(""));
  refrain(place, "ingest", log);
  refrain(place, "features", "--at", isoOf(atMs), "--all-users", "--out", out);
  const [header = "", ...lines] = readFileSync(out, "utf8").trimEnd().split("\n");
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
