import type { CodedEvent, EventContent } from "../../features/coded-event.js";
import type { SessionState } from "../../identity/session-state.js";
import type { UserId } from "../../schema/user-id.js";

/** An event that is kept; `row` is its number within its sessionId, by arrival. */
export interface StoredEvent extends CodedEvent {
  readonly row: number;
}

/** An event and since when it is known to be a user's. */
export interface OwnedRow {
  readonly event: EventContent;
  readonly knownAtMs: number;
}

/** Whose a logged-out row is. */
export interface Owner {
  readonly user: UserId;
  readonly knownAtMs: number;
}

/** Where a row stands in the order in which identity folds the rows of a sessionId. */
export type SessionPlace = Pick<StoredEvent, "tsMs" | "item" | "page" | "userId" | "auth" | "level">;

/** What is remembered of a sessionId, as plain JSON: where the fold of its rows stands, and the owners it has found. */
export interface SessionRecord {
  readonly state: SessionState;
  /** That of the last row. */
  readonly last: SessionPlace;
  /** By `rowKey` of the logged-out row: of rows that agree in it, the first that was settled. */
  readonly owners: Readonly<Record<string, Owner>>;
}

/** What is remembered of a user: the states after all events known to be the user's, and the last of them. */
export interface UserRecord {
  /** As `encodeStates` wrote them. */
  readonly states: Uint8Array;
  readonly last: OwnedRow;
}

/** A user's record as a store gives it; states are null where they are held decoded (`HeldStates`). */
export interface FoundUser {
  readonly states: Uint8Array | null;
  readonly last: OwnedRow;
}

/** What folding single users needs of a store. */
export interface UserStore {
  /** All events known to be a user's, in any order: received under the id, or recovered for it. */
  rowsOfUser(user: UserId): Promise<readonly OwnedRow[]>;
  user(user: UserId): Promise<FoundUser | null>;
  /** Null forgets a user of whom no event is left. */
  saveUser(user: UserId, record: UserRecord | null): Promise<void>;
}

/**
 * Where events, and what was folded from them, are kept. All calls of one batch belong in one transaction, so that an
 * acknowledged event is in the states too.
 */
export interface EventStore extends UserStore {
  /** Keeps the events whose idempotency key is not there yet, and returns those; of two with one key the first stays. */
  add(events: readonly CodedEvent[]): Promise<readonly StoredEvent[]>;
  /** All events of a sessionId, in any order. */
  rowsOfSession(sessionId: number): Promise<readonly StoredEvent[]>;
  /** Those that name nobody. */
  loggedOutRowsOfSession(sessionId: number): Promise<readonly StoredEvent[]>;
  /** Said of all users of a batch before any of them is asked for. */
  expect(users: readonly UserId[]): Promise<void>;
  /** Said of users before `rowsOfUser` is asked of each, so that all can be read at once. */
  gather(users: readonly UserId[]): Promise<void>;
  session(sessionId: number): Promise<SessionRecord | null>;
  saveSession(sessionId: number, record: SessionRecord): Promise<void>;
}

/** (userId as received, sessionId, item, tsMs, page): an event that comes again is the same one. Recovery never changes it. */
export function idempotencyKey({ userId, sessionId, item, tsMs, pageName }: CodedEvent): string {
  return JSON.stringify([userId, sessionId, item, tsMs, pageName]);
}

/** What names a logged-out row within its sessionId, as in the lake's attributions. */
export function rowKey({ item, tsMs, page }: CodedEvent): string {
  return `${item}/${tsMs}/${page}`;
}

/** sessionId → its events, both in the order they come in. */
export function bySession(events: readonly StoredEvent[]): Map<number, StoredEvent[]> {
  const sessions = new Map<number, StoredEvent[]>();
  for (const event of events) {
    const rows = sessions.get(event.sessionId);
    if (rows === undefined) sessions.set(event.sessionId, [event]);
    else rows.push(event);
  }
  return sessions;
}
