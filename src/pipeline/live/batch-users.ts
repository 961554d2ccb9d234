import type { States } from "../../features/states.js";
import type { UserId } from "../../schema/user-id.js";
import type { LiveSql } from "../../store/live/live-db.js";
import type { FoundUser, UserRecord } from "../incremental/event-store.js";
import type { HeldStates } from "../incremental/fold-user.js";
import { type KnownUser, statesBytes } from "./live-memory.js";
import { NO_VERSION } from "./row-version.js";
import { lockUsers, saveUsers } from "./user-table.js";
import type { Versioned, VersionedCache } from "./versioned-cache.js";

/**
 * The users of one batch, locked. What the process remembers of them is taken out of its memory, since their states are changed
 * where they are, and comes back by `remember`, once the batch is committed: of a batch that fails nothing stays.
 */
export class BatchUsers implements HeldStates<States> {
  readonly #sql: LiveSql;
  readonly #memory: VersionedCache<UserId, KnownUser>;
  readonly #version: number;
  readonly #found = new Map<UserId, FoundUser | null>();
  /** Of locked users, with the version that is in the store. */
  readonly #held = new Map<UserId, Versioned<KnownUser>>();
  readonly #changed = new Map<UserId, UserRecord | null>();
  readonly #kept = new Map<UserId, States>();

  /** @param version of what the batch writes */
  constructor(sql: LiveSql, memory: VersionedCache<UserId, KnownUser>, version: number) {
    this.#sql = sql;
    this.#memory = memory;
    this.#version = version;
  }

  /** Locks users who are not locked yet; before that nothing of them may be read, since it could change. */
  async lock(users: readonly UserId[]): Promise<void> {
    const taken = new Map<UserId, Versioned<KnownUser>>();
    const wanted = new Set(users.filter((user) => !this.#found.has(user)));
    if (wanted.size === 0) return;
    for (const user of wanted) {
      const entry = this.#memory.take(user);
      if (entry !== null) taken.set(user, entry);
    }
    const rows = await lockUsers(this.#sql, wanted, (user) => taken.get(user)?.version ?? NO_VERSION);
    for (const { user, record } of rows) {
      const entry = taken.get(user);
      if (record === "unchanged" && entry !== undefined) {
        this.#held.set(user, entry);
        this.#found.set(user, { states: null, last: entry.value.last });
      } else this.#found.set(user, record === "unchanged" ? null : record);
    }
  }

  /** Whether a user who was to be locked has a row: all but those who were erased get one. */
  isThere(user: UserId): boolean {
    return this.#found.has(user);
  }

  async get(user: UserId): Promise<FoundUser | null> {
    if (!this.#found.has(user)) await this.lock([user]);
    return this.#found.get(user) ?? null;
  }

  async save(user: UserId, record: UserRecord | null): Promise<void> {
    if (!this.#found.has(user)) await this.lock([user]);
    this.#held.delete(user);
    this.#found.set(user, record);
    this.#changed.set(user, record);
  }

  take(user: UserId): States | null {
    const entry = this.#held.get(user);
    this.#held.delete(user);
    return entry?.value.states ?? null;
  }

  keep(user: UserId, states: States): void {
    this.#kept.set(user, states);
  }

  async flush(): Promise<void> {
    const rows = [...this.#changed].map(([user, record]) => ({ user, record }));
    await saveUsers(this.#sql, rows, this.#version);
  }

  remember(): void {
    for (const [user, entry] of this.#held) this.#memory.put(user, entry);
    for (const [user, record] of this.#changed) {
      const states = this.#kept.get(user);
      if (record === null || states === undefined) continue;
      const value = { states, last: record.last };
      this.#memory.put(user, { version: this.#version, value, bytes: statesBytes(record.states.length) });
    }
  }
}
