import { RefrainError } from "../../base/errors.js";
import type { Instant } from "../../base/time.js";
import type { World } from "../../base/world.js";
import type { UserId } from "../../schema/user-id.js";
import type { LiveDb } from "../../store/live/live-db.js";
import { type LiveDbPlace, openLiveDb } from "../../store/live/open-live-db.js";
import { UserFold } from "../incremental/fold-user.js";
import { type Added, IncrementalFold } from "../incremental/incremental-fold.js";
import type { ReceivedEvent } from "./event-texts.js";
import { GroupedTurns, type TurnKey } from "./grouped-turns.js";
import { LiveMemory } from "./live-memory.js";
import { LiveUsers } from "./live-users.js";
import { SqlEventStore } from "./sql-event-store.js";

/** Users written over between two calls of `reclaim`: some 100 MB at most. */
const RECLAIM_AFTER_USERS = 20_000;

/** Events that are committed together, of several batches; a larger batch is alone. */
const GROUP_EVENTS_MAX = 1_000;
/** One is folded while the database writes the other. */
const GROUPS_AT_ONCE = 2;

/** What a batch did; `users` are also those of batches that were committed with it. */
export interface AddedLive extends Added {
  /** Users who were erased before: nothing of theirs was taken. */
  readonly erased: ReadonlySet<UserId>;
}

/** Live events and the states folded from them, in a database. */
export class LiveEvents {
  readonly #db: LiveDb;
  readonly #world: Pick<World, "now">;
  readonly #memory: LiveMemory;
  readonly #turns = new GroupedTurns({
    run: (batches: readonly (readonly ReceivedEvent[])[]) => this.#addTogether(batches),
    keysOf,
    sizeOf: ({ length }) => length,
    most: GROUP_EVENTS_MAX,
    atOnce: GROUPS_AT_ONCE,
    // A store that cannot be reached would keep each of them waiting as long again.
    isOfOne: (error) => !(error instanceof RefrainError && error.code === "STORE_UNAVAILABLE"),
  });
  #writtenUsers = 0;

  constructor(db: LiveDb, world: Pick<World, "now">, memory = new LiveMemory()) {
    this.#db = db;
    this.#world = world;
    this.#memory = memory;
  }

  /** Throws `STORE_UNAVAILABLE` and `STORE_NEWER`. The caller holds the home until `close`. */
  static async open(place: LiveDbPlace, world: Pick<World, "now">): Promise<LiveEvents> {
    return new LiveEvents(await openLiveDb(place, world), world);
  }

  /**
   * Keeps events and brings the states of their users up to date, all or nothing: when it resolves they are committed. Calls
   * may overlap, in this process and others; those of one process are committed together where they can be.
   */
  add(events: readonly ReceivedEvent[]): Promise<AddedLive> {
    return this.#turns.take(events);
  }

  async #addTogether(batches: readonly (readonly ReceivedEvent[])[]): Promise<AddedLive[]> {
    const memory = this.#memory.now;
    const { names, catalogue } = memory;
    const { store, added } = await this.#db.transaction(
      async (sql) => {
        const store = new SqlEventStore(sql, this.#world.now(), memory);
        const added = await new IncrementalFold(store, { names, catalogue, held: store.users }).add(batches.flat());
        await store.flush();
        return { store, added };
      },
      { byKey: true },
    );
    store.remember();
    this.#tidyAfter(added.users.length);
    let from = 0;
    return batches.map((events) => {
      const { fresh, erased } = store.outcomeOf(from, from + events.length);
      from += events.length;
      return { accepted: fresh, duplicates: events.length - fresh - erased, users: added.users, erased: store.erased };
    });
  }

  /** The user's features in the order of the catalogue, as of a cutoff; null where nothing is known by then. */
  featuresAt(user: UserId, cutoff: Instant): Promise<Float64Array | null> {
    const { names, catalogue } = this.#memory.now;
    return this.#db.snapshot((sql) => new UserFold(new LiveUsers(sql), catalogue, names).featuresAt(user, cutoff));
  }

  /** Behind what is already acknowledged; whatever goes wrong there the next call will meet too. */
  #tidyAfter(users: number): void {
    this.#writtenUsers += users;
    if (this.#writtenUsers < RECLAIM_AFTER_USERS) return;
    this.#writtenUsers = 0;
    this.#db.reclaim().catch(() => {});
  }

  close(): Promise<void> {
    return this.#db.close();
  }
}

/** What a batch locks: within a process batches that share some of it come one after the other without the database. */
function* keysOf(events: readonly ReceivedEvent[]): Generator<TurnKey> {
  for (const { sessionId, userId } of events) {
    yield sessionId;
    if (userId !== "") yield userId;
  }
}
