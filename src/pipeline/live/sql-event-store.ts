import { assert } from "../../base/assert.js";
import type { Instant } from "../../base/time.js";
import type { UserId } from "../../schema/user-id.js";
import { arrayText } from "../../store/live/array-text.js";
import type { LiveSql } from "../../store/live/live-db.js";
import type { EventStore, OwnedRow, SessionRecord, StoredEvent, UserRecord } from "../incremental/event-store.js";
import { mayChangeOwners } from "../incremental/fold-session.js";
import { insertEvents, selectEvents } from "./event-table.js";
import type { ReceivedEvent } from "./event-texts.js";
import { rowsOfUser } from "./rows-of-user.js";
import { lockSessions, type SessionRow, saveRecoveredIn, saveSessions } from "./session-table.js";
import { lockUsers, saveUsers } from "./user-table.js";

/**
 * The `EventStore` of one batch in one transaction. `add` locks and reads the sessions and users of the batch at once, and
 * `flush` writes what changed: a handful of statements, however large the batch.
 *
 * Sessions are locked before users, each in their order, so that batches of several processes that share some come one after
 * the other. A user whom only recovery brings in is locked when found; where that makes a deadlock, `LiveDb.transaction`
 * runs the batch again.
 */
export class SqlEventStore implements EventStore {
  readonly #sql: LiveSql;
  readonly #receivedAt: Instant;
  readonly #sessions = new Map<number, SessionRow>();
  readonly #loggedOut = new Map<number, StoredEvent[]>();
  readonly #users = new Map<UserId, UserRecord | null>();
  readonly #changedSessions = new Map<number, SessionRecord>();
  readonly #changedUsers = new Set<UserId>();

  constructor(sql: LiveSql, receivedAt: Instant) {
    this.#sql = sql;
    this.#receivedAt = receivedAt;
  }

  /** Once in a transaction. */
  async add(events: readonly ReceivedEvent[]): Promise<readonly StoredEvent[]> {
    assert(this.#sessions.size === 0, "a SqlEventStore takes one batch");
    for (const row of await lockSessions(
      this.#sql,
      events.map(({ sessionId }) => sessionId),
    )) {
      this.#sessions.set(row.sessionId, row);
    }
    await this.#lock(events.flatMap(({ userId }) => (userId === "" ? [] : [userId])));
    const fresh = await this.#insert(events);
    await this.#readLoggedOut(fresh);
    return fresh;
  }

  rowsOfSession(sessionId: number): Promise<readonly StoredEvent[]> {
    return selectEvents(this.#sql, "ofSession", sessionId);
  }

  async loggedOutRowsOfSession(sessionId: number): Promise<readonly StoredEvent[]> {
    return this.#loggedOut.get(sessionId) ?? [];
  }

  async rowsOfUser(user: UserId): Promise<readonly OwnedRow[]> {
    await this.#lockOnce(user);
    return rowsOfUser(this.#sql, user, this.#changedSessions);
  }

  async session(sessionId: number): Promise<SessionRecord | null> {
    return this.#sessions.get(sessionId)?.record ?? null;
  }

  async saveSession(sessionId: number, record: SessionRecord): Promise<void> {
    this.#changedSessions.set(sessionId, record);
  }

  async user(user: UserId): Promise<UserRecord | null> {
    await this.#lockOnce(user);
    return this.#users.get(user) ?? null;
  }

  async saveUser(user: UserId, record: UserRecord | null): Promise<void> {
    await this.#lockOnce(user);
    this.#users.set(user, record);
    this.#changedUsers.add(user);
  }

  /** Writes what was saved. */
  async flush(): Promise<void> {
    const sessions = [...this.#changedSessions].map(([sessionId, record]) => ({
      sessionId,
      record,
      nextRow: this.#sessions.get(sessionId)?.nextRow ?? 0,
    }));
    await saveSessions(this.#sql, sessions);
    const recovered = sessions.flatMap(({ sessionId, record }) => {
      const users = new Set(Object.values(record.owners).map(({ user }) => user));
      return [...users].map((user) => ({ user, sessionId }));
    });
    await saveRecoveredIn(this.#sql, recovered);
    await saveUsers(
      this.#sql,
      [...this.#changedUsers].map((user) => ({ user, record: this.#users.get(user) ?? null })),
    );
  }

  /** Before anything of a user is read: what is read could change otherwise. */
  async #lockOnce(user: UserId): Promise<void> {
    if (!this.#users.has(user)) await this.#lock([user]);
  }

  async #lock(users: readonly UserId[]): Promise<void> {
    for (const { user, record } of await lockUsers(this.#sql, users)) this.#users.set(user, record);
  }

  async #insert(events: readonly ReceivedEvent[]): Promise<readonly StoredEvent[]> {
    const numbered = events.map((event) => {
      const session = this.#sessions.get(event.sessionId);
      assert(session !== undefined, "a session of the batch was not locked");
      return { ...event, row: session.nextRow++ };
    });
    const inserted = await insertEvents(this.#sql, numbered, this.#receivedAt);
    const keys = new Set(inserted.map(({ sessionId, row }) => `${sessionId}/${row}`));
    const fresh = numbered.filter(({ sessionId, row }) => keys.has(`${sessionId}/${row}`));
    // What is folded goes into records, which have no use for texts.
    return fresh.map(({ texts: _, ...event }) => event);
  }

  /** Events that name nobody, of the sessions in which the fresh ones may find owners. */
  async #readLoggedOut(fresh: readonly StoredEvent[]): Promise<void> {
    const open = new Set<number>();
    for (const event of fresh) {
      const record = this.#sessions.get(event.sessionId)?.record;
      if (record && mayChangeOwners([event], record)) open.add(event.sessionId);
    }
    if (open.size === 0) return;
    for (const event of await selectEvents(this.#sql, "loggedOutOf", arrayText([...open]))) {
      const rows = this.#loggedOut.get(event.sessionId);
      if (rows === undefined) this.#loggedOut.set(event.sessionId, [event]);
      else rows.push(event);
    }
  }
}
