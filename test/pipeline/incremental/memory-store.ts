import type { CodedEvent } from "../../../src/features/coded-event.js";
import {
  type EventStore,
  idempotencyKey,
  type OwnedRow,
  rowKey,
  type SessionRecord,
  type StoredEvent,
  type UserRecord,
} from "../../../src/pipeline/incremental/event-store.js";
import type { UserId } from "../../../src/schema/user-id.js";

/** An `EventStore` in the memory of the process. */
export class MemoryStore implements EventStore {
  readonly #keys = new Set<string>();
  readonly #sessions = new Map<number, { rows: StoredEvent[]; record: SessionRecord | null }>();
  readonly #received = new Map<UserId, StoredEvent[]>();
  /** sessionIds that hold, or once held, a row recovered for the user. */
  readonly #recoveredIn = new Map<UserId, Set<number>>();
  readonly #users = new Map<UserId, UserRecord>();

  get users(): readonly UserId[] {
    return [...this.#users.keys()];
  }

  async add(events: readonly CodedEvent[]): Promise<readonly StoredEvent[]> {
    const fresh: StoredEvent[] = [];
    for (const event of events) {
      const key = idempotencyKey(event);
      if (this.#keys.has(key)) continue;
      this.#keys.add(key);
      const session = this.#sessions.get(event.sessionId) ?? { rows: [], record: null };
      this.#sessions.set(event.sessionId, session);
      const stored = { ...event, row: session.rows.length };
      session.rows.push(stored);
      if (event.userId !== "") entry(this.#received, event.userId, (): StoredEvent[] => []).push(stored);
      fresh.push(stored);
    }
    return fresh;
  }

  async rowsOfSession(sessionId: number): Promise<readonly StoredEvent[]> {
    return this.#sessions.get(sessionId)?.rows ?? [];
  }

  async loggedOutRowsOfSession(sessionId: number): Promise<readonly StoredEvent[]> {
    return (await this.rowsOfSession(sessionId)).filter(({ userId }) => userId === "");
  }

  async expect(): Promise<void> {}

  async gather(): Promise<void> {}

  async rowsOfUser(user: UserId): Promise<readonly OwnedRow[]> {
    const own = (this.#received.get(user) ?? []).map((event) => ({ event, knownAtMs: event.tsMs }));
    const recovered = [...(this.#recoveredIn.get(user) ?? [])].flatMap((id): OwnedRow[] => {
      const { rows = [], record = null } = this.#sessions.get(id) ?? {};
      return rows.flatMap((event) => {
        const owner = event.userId === "" ? record?.owners[rowKey(event)] : undefined;
        return owner?.user === user ? [{ event, knownAtMs: owner.knownAtMs }] : [];
      });
    });
    return [...own, ...recovered];
  }

  async session(sessionId: number): Promise<SessionRecord | null> {
    return this.#sessions.get(sessionId)?.record ?? null;
  }

  async saveSession(sessionId: number, record: SessionRecord): Promise<void> {
    const session = this.#sessions.get(sessionId);
    if (session !== undefined) session.record = record;
    for (const { user } of Object.values(record.owners)) {
      entry(this.#recoveredIn, user, () => new Set<number>()).add(sessionId);
    }
  }

  async user(user: UserId): Promise<UserRecord | null> {
    return this.#users.get(user) ?? null;
  }

  async saveUser(user: UserId, record: UserRecord | null): Promise<void> {
    if (record === null) this.#users.delete(user);
    else this.#users.set(user, record);
  }
}

function entry<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key) ?? make();
  map.set(key, known);
  return known;
}
