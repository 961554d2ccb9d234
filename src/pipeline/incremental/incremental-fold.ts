import type { Instant } from "../../base/time.js";
import { pointInTime } from "../../features/catalogue.js";
import type { CodedEvent } from "../../features/coded-event.js";
import { StateNames } from "../../features/state-names.js";
import type { States } from "../../features/states.js";
import type { UserId } from "../../schema/user-id.js";
import type { EventStore, OwnedRow, StoredEvent } from "./event-store.js";
import { foldSession } from "./fold-session.js";
import { UserFold } from "./fold-user.js";

/** What a batch of events did. */
export interface Added {
  /** Events that were new. */
  readonly accepted: number;
  readonly duplicates: number;
  /** Users whose states changed. */
  readonly users: readonly UserId[];
}

/** What has to be done about a user. */
interface Change {
  readonly added: OwnedRow[];
  refold: boolean;
}

/**
 * The incremental path: checked events in any order and any batch size, again and again, give the states and the features
 * that a batch over the same set of events gives, bit for bit. One call at a time, each in one transaction of the store.
 */
export class IncrementalFold {
  readonly #store: EventStore;
  readonly #users: UserFold<States>;

  constructor(store: EventStore, names: StateNames = new StateNames()) {
    this.#store = store;
    this.#users = new UserFold(store, pointInTime(names.names), names);
  }

  async add(events: readonly CodedEvent[]): Promise<Added> {
    const fresh = await this.#store.add(events);
    const changes = new Map<UserId, Change>();
    const changeOf = (user: UserId): Change => {
      const change = changes.get(user) ?? { added: [], refold: false };
      changes.set(user, change);
      return change;
    };
    for (const event of fresh) {
      if (event.userId !== "") changeOf(event.userId).added.push({ event, knownAtMs: event.tsMs });
    }
    for (const [sessionId, rows] of bySession(fresh)) {
      for (const { event, before, after } of await foldSession(this.#store, sessionId, rows)) {
        if (before !== null) changeOf(before.user).refold = true;
        if (after !== null) changeOf(after.user).added.push({ event, knownAtMs: after.knownAtMs });
      }
    }
    for (const [user, change] of changes) await this.#users.update(user, change);
    return { accepted: fresh.length, duplicates: events.length - fresh.length, users: [...changes.keys()] };
  }

  /** The user's features in the order of the catalogue, as of a cutoff; null where nothing is known by then. */
  featuresAt(user: UserId, cutoff: Instant): Promise<Float64Array | null> {
    return this.#users.featuresAt(user, cutoff);
  }
}

function bySession(events: readonly StoredEvent[]): Map<number, StoredEvent[]> {
  const sessions = new Map<number, StoredEvent[]>();
  for (const event of events) {
    const rows = sessions.get(event.sessionId);
    if (rows === undefined) sessions.set(event.sessionId, [event]);
    else rows.push(event);
  }
  return sessions;
}
