import { join } from "node:path";
import { asInstant } from "../../src/base/time.js";
import { Access } from "../../src/pipeline/live/access.js";
import type { Role } from "../../src/schema/roles.js";
import type { LiveDb } from "../../src/store/live/live-db.js";
import { openLiveDb } from "../../src/store/live/open-live-db.js";
import { temporaryFolder } from "../pipeline/ingest-fixture.js";
import { emptyStore } from "../store/live/backends.js";

/** A clock that goes on when it is told to. */
export interface Clock {
  ms: number;
}

export interface OpenDoors {
  readonly access: Access;
  readonly db: LiveDb;
  readonly clock: Clock;
  /** A key of each role. */
  readonly keys: Readonly<Record<Role, { readonly id: string; readonly key: string }>>;
}

/** Keys and logins in a live store of their own. */
export async function openDoors(): Promise<OpenDoors> {
  const clock: Clock = { ms: 1_800_000_000_000 };
  const world = { now: () => asInstant(clock.ms) };
  const home = join(temporaryFolder(), "home");
  await emptyStore(home);
  const db = await openLiveDb({ home }, world);
  const access = new Access(db, world);
  const [reader, writer, admin] = [
    await access.createKey("reader", null),
    await access.createKey("writer", null),
    await access.createKey("admin", null),
  ];
  return { access, db, clock, keys: { reader, writer, admin } };
}
