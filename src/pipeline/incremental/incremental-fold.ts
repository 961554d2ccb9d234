import type { Instant } from "../../base/time.js";
import { pointInTime } from "../../features/catalogue.js";
import type { CodedEvent } from "../../features/coded-event.js";
import type { Catalogue } from "../../features/fold.js";
import { StateNames } from "../../features/state-names.js";
import type { States } from "../../features/states.js";
import type { UserId } from "../../schema/user-id.js";
import { bySession, type EventStore, type OwnedRow } from "./event-store.js";
import { foldSession } from "./fold-session.js";
import { type HeldStates, UserFold } from "./fold-user.js";

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

/** Users whose events are in memory at a time. */
const REFOLDED_AT_ONCE = 50;

/** What a process knows from one batch to the next. */
interface Known {
  readonly names: StateNames;
  /** That of `names`. */
  readonly catalogue: Catalogue<States>;
  readonly held: HeldStates<States> | null;
}

const known = (names: StateNames): Known => ({ names, catalogue: pointInTime(names.names), held: null });

/**
 * The incremental path: checked events in any order and any batch size, again and again, give the states and the features
 * that a batch over the same set of events gives, bit for bit. One call at a time, each in one transaction of the store.
 */
export class IncrementalFold {
  readonly #store: EventStore;
  readonly #users: UserFold<States>;

  constructor(store: EventStore, { names, catalogue, held }: Known = known(new StateNames())) {
    this.#store = store;
    this.#users = new UserFold(store, catalogue, names, { held });
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
    await this.#update(changes);
    return { accepted: fresh.length, duplicates: events.length - fresh.length, users: [...changes.keys()] };
  }

  /** Those to be folded again come after all others, many at once. */
  async #update(changes: ReadonlyMap<UserId, Change>): Promise<void> {
    await this.#store.expect([...changes.keys()]);
    const again: UserId[] = [];
    for (const [user, { added, refold }] of changes) {
      if (refold || !(await this.#users.goOn(user, added))) again.push(user);
    }
    for (let from = 0; from < again.length; from += REFOLDED_AT_ONCE) {
      const users = again.slice(from, from + REFOLDED_AT_ONCE);
      await this.#store.gather(users);
      for (const user of users) await this.#users.refold(user);
    }
  }

  /** The user's features in the order of the catalogue, as of a cutoff; null where nothing is known by then. */
  featuresAt(user: UserId, cutoff: Instant): Promise<Float64Array | null> {
    return this.#users.featuresAt(user, cutoff);
  }
}
