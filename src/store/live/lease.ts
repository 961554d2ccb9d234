import { clearInterval, setInterval } from "node:timers";
import type { World } from "../../base/world.js";
import type { LiveDb } from "./live-db.js";

/** A holder that has not been heard of for so long is dead. */
const LEASE_MS = 120_000;
const RENEW_MS = 20_000;

/**
 * Does what only one process on the database may do at a time; null where another does it. Who dies holding it is followed by the next
 * who asks after two minutes. @param holder unlike that of any other process
 */
export async function withLease<T>(
  db: LiveDb,
  { name, holder }: { readonly name: string; readonly holder: string },
  world: Pick<World, "now">,
  work: () => Promise<T>,
): Promise<{ readonly value: T } | null> {
  if (!(await take(db, { name, holder }, world.now()))) return null;
  // By the machine's own clock: a simulated one may stand still while this goes on.
  const renewing = setInterval(() => {
    renew(db, { name, holder }, world.now()).catch(() => {});
  }, RENEW_MS);
  renewing.unref();
  try {
    return { value: await work() };
  } finally {
    clearInterval(renewing);
    await db.query("DELETE FROM leases WHERE name = $1 AND holder = $2", [name, holder]);
  }
}

interface Lease {
  readonly name: string;
  readonly holder: string;
}

/** A lease that ends later than any can was given by a clock that has gone back since. */
async function take(db: LiveDb, { name, holder }: Lease, now: number): Promise<boolean> {
  const rows = await db.query(
    `INSERT INTO leases VALUES ($1, $2, $3::int8)
     ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until_ms = excluded.until_ms
       WHERE leases.until_ms <= $4::int8 OR leases.until_ms > $3::int8
     RETURNING holder`,
    [name, holder, now + LEASE_MS, now],
  );
  return rows.length > 0;
}

async function renew(db: LiveDb, { name, holder }: Lease, now: number): Promise<void> {
  await db.query("UPDATE leases SET until_ms = $3 WHERE name = $1 AND holder = $2", [name, holder, now + LEASE_MS]);
}
