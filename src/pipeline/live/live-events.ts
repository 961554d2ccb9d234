import type { Instant } from "../../base/time.js";
import type { World } from "../../base/world.js";
import { pointInTime } from "../../features/catalogue.js";
import type { CodedEvent } from "../../features/coded-event.js";
import { StateNames } from "../../features/state-names.js";
import type { UserId } from "../../schema/user-id.js";
import type { LiveDb } from "../../store/live/live-db.js";
import { type LiveDbPlace, openLiveDb } from "../../store/live/open-live-db.js";
import { UserFold } from "../incremental/fold-user.js";
import { type Added, IncrementalFold } from "../incremental/incremental-fold.js";
import { LiveUsers } from "./live-users.js";
import { SqlEventStore } from "./sql-event-store.js";

/** Live events and the states folded from them, in a database. */
export class LiveEvents {
  readonly #db: LiveDb;
  readonly #world: Pick<World, "now">;
  readonly #names = new StateNames();

  constructor(db: LiveDb, world: Pick<World, "now">) {
    this.#db = db;
    this.#world = world;
  }

  /** Throws `STORE_UNAVAILABLE` and `STORE_NEWER`. The caller holds the home until `close`. */
  static async open(place: LiveDbPlace, world: Pick<World, "now">): Promise<LiveEvents> {
    return new LiveEvents(await openLiveDb(place, world), world);
  }

  /**
   * Keeps events and brings the states of their users up to date, all or nothing: when it resolves they are committed. Calls
   * may overlap, in this process and others.
   */
  add(events: readonly CodedEvent[]): Promise<Added> {
    return this.#db.transaction(async (sql) => {
      const store = new SqlEventStore(sql, this.#world.now());
      const added = await new IncrementalFold(store, this.#names).add(events);
      await store.flush();
      return added;
    });
  }

  /** The user's features in the order of the catalogue, as of a cutoff; null where nothing is known by then. */
  featuresAt(user: UserId, cutoff: Instant): Promise<Float64Array | null> {
    return this.#db.snapshot((sql) =>
      new UserFold(new LiveUsers(sql), pointInTime(this.#names.names), this.#names).featuresAt(user, cutoff),
    );
  }

  close(): Promise<void> {
    return this.#db.close();
  }
}
