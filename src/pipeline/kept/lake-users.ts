import type { World } from "../../base/world.js";
import type { UserId } from "../../schema/user-id.js";
import type { Lake } from "../../store/lake.js";
import { type LakeRow, readRowsOf } from "../../store/read-owned-rows.js";
import type { OwnedRow, UserRecord, UserStore } from "../incremental/event-store.js";

/** The users of a lake: their records in memory, their events read for many at once. */
export class LakeUsers implements UserStore {
  readonly records: Map<UserId, UserRecord>;
  readonly #lake: Lake;
  readonly #world: World;
  #rows = new Map<UserId, OwnedRow[]>();

  constructor(lake: Lake, records: ReadonlyMap<UserId, UserRecord>, world: World) {
    this.#lake = lake;
    this.records = new Map(records);
    this.#world = world;
  }

  /** Reads the events of these users, which `rowsOfUser` then gives, beside those at hand; others are forgotten. */
  async fetch(users: readonly UserId[], atHand: Iterable<readonly [UserId, OwnedRow[]]> = []): Promise<void> {
    const read = users.length === 0 ? [] : byUser(await readRowsOf(this.#lake, users, this.#world));
    this.#rows = new Map([...atHand, ...read]);
  }

  async rowsOfUser(user: UserId): Promise<readonly OwnedRow[]> {
    return this.#rows.get(user) ?? [];
  }

  async user(user: UserId): Promise<UserRecord | null> {
    return this.records.get(user) ?? null;
  }

  async saveUser(user: UserId, record: UserRecord | null): Promise<void> {
    if (record === null) this.records.delete(user);
    else this.records.set(user, record);
  }
}

export function byUser(rows: readonly LakeRow[]): Map<UserId, OwnedRow[]> {
  const users = new Map<UserId, OwnedRow[]>();
  for (const { user, knownAtMs, ...event } of rows) {
    const own = users.get(user);
    if (own === undefined) users.set(user, [{ event, knownAtMs }]);
    else own.push({ event, knownAtMs });
  }
  return users;
}
