import { assert } from "../../base/assert.js";
import type { Instant } from "../../base/time.js";
import type { UserId } from "../../schema/user-id.js";
import type { LiveSql } from "../../store/live/live-db.js";
import type { EventStore, OwnedRow, SessionRecord, StoredEvent, UserRecord } from "../incremental/event-store.js";
import { compareInSession, mayChangeOwners } from "../incremental/fold-session.js";
import { BatchUsers } from "./batch-users.js";
import { insertEvents, selectEvents } from "./event-table.js";
import type { ReceivedEvent } from "./event-texts.js";
import { type DecodedRows, sessionBytes } from "./live-memory.js";
import { sessionText } from "./record-text.js";
import { freshVersion } from "./row-version.js";
import { rowsOfUsers } from "./rows-of-users.js";
import { lockSessions, type SessionRow, saveRecoveredIn, saveSessions, type WrittenSession } from "./session-table.js";

/** What became of an event: it is new, was there before, or is of a user who was erased. */
type Outcome = "fresh" | "known" | "erased";

/**
 * The `EventStore` of one batch in one transaction. `add` locks and reads the sessions and users of the batch at once, and
 * `flush` writes what changed: a handful of statements, however large the batch.
 *
 * Sessions are locked before users, each in their order, so that batches of several processes that share some come one after
 * the other. A user whom only recovery brings in is locked when found; where that makes a deadlock, `LiveDb.transaction`
 * runs the batch again.
 */
export class SqlEventStore implements EventStore {
  /** Decoded states, as `UserFold` wants them. */
  readonly users: BatchUsers;
  readonly #sql: LiveSql;
  readonly #receivedAt: Instant;
  readonly #memory: DecodedRows;
  readonly #version = freshVersion();
  readonly #sessions = new Map<number, SessionRow>();
  readonly #loggedOut = new Map<number, StoredEvent[]>();
  readonly #allRows = new Map<number, StoredEvent[]>();
  readonly #gathered = new Map<UserId, readonly OwnedRow[]>();
  readonly #changedSessions = new Map<number, SessionRecord>();
  #written: readonly Required<WrittenSession>[] = [];
  readonly #erased = new Set<UserId>();
  #outcomes: Outcome[] = [];

  constructor(sql: LiveSql, receivedAt: Instant, rows: DecodedRows) {
    this.#sql = sql;
    this.#receivedAt = receivedAt;
    this.#memory = rows;
    this.users = new BatchUsers(sql, rows.users, this.#version);
  }

  /** Once in a transaction. */
  async add(events: readonly ReceivedEvent[]): Promise<readonly StoredEvent[]> {
    assert(this.#sessions.size === 0, "a SqlEventStore takes one batch");
    const ids = events.map(({ sessionId }) => sessionId);
    for (const row of await lockSessions(this.#sql, ids, this.#memory.sessions)) {
      this.#sessions.set(row.sessionId, row);
    }
    const named = [...new Set(events.flatMap(({ userId }) => (userId === "" ? [] : [userId])))];
    await this.users.lock(named);
    for (const user of named) if (!this.users.isThere(user)) this.#erased.add(user);
    this.#outcomes = events.map(({ userId }) => (this.#erased.has(userId) ? "erased" : "known"));
    const fresh = await this.#insert(events);
    await this.#readSessions(fresh);
    return fresh;
  }

  /** How many of the events from one place to another were new, and how many of users who were erased. */
  outcomeOf(from: number, to: number): { readonly fresh: number; readonly erased: number } {
    const outcomes = this.#outcomes.slice(from, to);
    const count = (of: Outcome) => outcomes.filter((outcome) => outcome === of).length;
    return { fresh: count("fresh"), erased: count("erased") };
  }

  async rowsOfSession(sessionId: number): Promise<readonly StoredEvent[]> {
    return this.#allRows.get(sessionId) ?? [];
  }

  async loggedOutRowsOfSession(sessionId: number): Promise<readonly StoredEvent[]> {
    return this.#loggedOut.get(sessionId) ?? [];
  }

  expect(users: readonly UserId[]): Promise<void> {
    return this.users.lock(users);
  }

  /** Reads what is known of users at once, which `rowsOfUser` then gives; others are forgotten. */
  async gather(users: readonly UserId[]): Promise<void> {
    this.#gathered.clear();
    for (const [user, rows] of await rowsOfUsers(this.#sql, users, this.#changedSessions)) {
      this.#gathered.set(user, rows);
    }
  }

  async rowsOfUser(user: UserId): Promise<readonly OwnedRow[]> {
    const rows = this.#gathered.get(user);
    assert(rows !== undefined, "the rows of a user were not gathered");
    return rows;
  }

  async session(sessionId: number): Promise<SessionRecord | null> {
    return this.#sessions.get(sessionId)?.record ?? null;
  }

  async saveSession(sessionId: number, record: SessionRecord): Promise<void> {
    this.#changedSessions.set(sessionId, record);
  }

  async user(user: UserId) {
    return this.users.get(user);
  }

  async saveUser(user: UserId, record: UserRecord | null): Promise<void> {
    await this.users.save(user, record);
  }

  /** Users of the batch who were erased before: nothing of theirs is taken. */
  get erased(): ReadonlySet<UserId> {
    return this.#erased;
  }

  /** Writes what was saved. */
  async flush(): Promise<void> {
    this.#written = [...this.#changedSessions].map(([sessionId, record]) => ({
      sessionId,
      record,
      text: sessionText(record),
      nextRow: this.#sessions.get(sessionId)?.nextRow ?? 0,
    }));
    await saveSessions(this.#sql, this.#written, this.#version);
    const recovered = [...this.#changedSessions].flatMap(([sessionId, { owners }]) => {
      const users = new Set(Object.values(owners).map(({ user }) => user));
      return [...users].map((user) => ({ user, sessionId }));
    });
    await saveRecoveredIn(this.#sql, recovered);
    await this.users.flush();
  }

  /** To be called once the transaction is committed: what it wrote is what the next batch begins from. */
  remember(): void {
    for (const { sessionId, record, text, nextRow } of this.#written) {
      if (record === null) continue;
      const entry = { version: this.#version, value: { record, nextRow }, bytes: sessionBytes(text.length) };
      this.#memory.sessions.put(sessionId, entry);
    }
    this.users.remember();
  }

  async #insert(batch: readonly ReceivedEvent[]): Promise<readonly StoredEvent[]> {
    const places = [...batch.keys()].filter((place) => this.#outcomes[place] !== "erased");
    const events = places.map((place) => batch[place] as ReceivedEvent);
    const numbered = events.map((event) => {
      const session = this.#sessions.get(event.sessionId);
      assert(session !== undefined, "a session of the batch was not locked");
      return storedEvent(event, session.nextRow++);
    });
    const texts = events.map((event) => event.texts ?? null);
    const inserted = await insertEvents(this.#sql, { events: numbered, texts }, this.#receivedAt);
    const keyOf = ({ sessionId, row }: Pick<StoredEvent, "sessionId" | "row">) => `${sessionId}/${row}`;
    const keys = new Set(inserted?.map(keyOf));
    const isFresh = (event: StoredEvent) => inserted === null || keys.has(keyOf(event));
    for (const [i, place] of places.entries()) {
      if (isFresh(numbered[i] as StoredEvent)) this.#outcomes[place] = "fresh";
    }
    return inserted === null ? numbered : numbered.filter(isFresh);
  }

  /**
   * Of the sessions of fresh events: all events where one comes before the last that was folded; where they may find owners,
   * those that name nobody.
   */
  async #readSessions(fresh: readonly StoredEvent[]): Promise<void> {
    const late = new Set<number>();
    const open = new Set<number>();
    for (const event of fresh) {
      const record = this.#sessions.get(event.sessionId)?.record;
      if (!record) continue;
      if (compareInSession(record.last, event) > 0) late.add(event.sessionId);
      else if (mayChangeOwners([event], record)) open.add(event.sessionId);
    }
    await this.#read("ofSessions", late, this.#allRows);
    await this.#read("loggedOutOf", open, this.#loggedOut);
  }

  async #read(
    which: Parameters<typeof selectEvents>[1],
    sessionIds: ReadonlySet<number>,
    into: Map<number, StoredEvent[]>,
  ): Promise<void> {
    for (const event of await selectEvents(this.#sql, which, [...sessionIds])) {
      const rows = into.get(event.sessionId);
      if (rows === undefined) into.set(event.sessionId, [event]);
      else rows.push(event);
    }
  }
}

/** Without its texts: what is folded goes into records, which have no use for them. */
function storedEvent(event: ReceivedEvent, row: number): StoredEvent {
  // Field by field: spreading is several times slower.
  return {
    userId: event.userId,
    pageName: event.pageName,
    tsMs: event.tsMs,
    sessionId: event.sessionId,
    item: event.item,
    page: event.page,
    auth: event.auth,
    level: event.level,
    status: event.status,
    length10us: event.length10us,
    artist: event.artist,
    song: event.song,
    registrationMs: event.registrationMs,
    gender: event.gender,
    stateName: event.stateName,
    row,
  };
}
