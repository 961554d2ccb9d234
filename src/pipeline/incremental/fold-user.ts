import type { Instant } from "../../base/time.js";
import { knownEvent } from "../../features/coded-event.js";
import { addEvents, type Catalogue, emptyStates, type KnownEvent } from "../../features/fold.js";
import { decodeStates, encodeStates } from "../../features/state-codec/state-codec.js";
import type { StateNames } from "../../features/state-names.js";
import { compareInFoldOrder, compareTexts } from "../../schema/fold-order.js";
import type { UserId } from "../../schema/user-id.js";
import type { FoundUser, OwnedRow, UserRecord, UserStore } from "./event-store.js";

/** Decoded states of users, which need not be read from their bytes. */
export interface HeldStates<S> {
  /** The states that the store's record of the user stands for; null where they are not held. Who takes them may change them. */
  take(user: UserId): S | null;
  /** The states that were just saved. */
  keep(user: UserId, states: S): void;
}

/** Folds single users from the store, by one catalogue. */
export class UserFold<S> {
  readonly #store: UserStore;
  readonly #catalogue: Catalogue<S>;
  readonly #names: StateNames;
  readonly #held: HeldStates<S> | null;

  /** @param names of the states in the events, by which the catalogue reads too */
  constructor(
    store: UserStore,
    catalogue: Catalogue<S>,
    names: StateNames,
    { held = null }: { held?: HeldStates<S> | null } = {},
  ) {
    this.#store = store;
    this.#catalogue = catalogue;
    this.#names = names;
    this.#held = held;
  }

  /** By code, as in the states. */
  get stateNames(): readonly string[] {
    return this.#names.names;
  }

  /**
   * Brings a user's record up to date: `added` go onto its states when all come after its last event, and are all there is
   * where there is no record yet. Otherwise, and when `refold` says that an event was taken away or the states are of another
   * version, all events are folded again.
   */
  async update(user: UserId, { added, refold }: { added: readonly OwnedRow[]; refold: boolean }): Promise<void> {
    if (refold || !(await this.goOn(user, added))) await this.refold(user);
  }

  /** Takes added events into a user's record; false, and nothing done, where all have to be folded again. */
  async goOn(user: UserId, added: readonly OwnedRow[]): Promise<boolean> {
    const record = await this.#store.user(user);
    const rows = this.#sorted(added);
    if (record === null) {
      await this.#saveFolded(user, rows);
      return true;
    }
    if (!this.goesOn(record, rows)) return false;
    const states = this.#statesOf(user, record);
    if (states === null) return false;
    await this.#save(user, this.#fold(states, rows), rows.at(-1) as OwnedRow);
    return true;
  }

  #statesOf(user: UserId, { states }: FoundUser): S | null {
    if (states === null) return this.#held?.take(user) ?? null;
    return decodeStates(this.#catalogue, states, this.#names);
  }

  /** Whether events come after all that a record holds, so that its states go on. */
  goesOn(record: Pick<FoundUser, "last">, added: readonly OwnedRow[]): boolean {
    return added.length > 0 && added.every((row) => this.#compare(record.last, row) <= 0);
  }

  /** Folds all events of a user again. */
  async refold(user: UserId): Promise<void> {
    await this.#saveFolded(user, this.#sorted(await this.#store.rowsOfUser(user)));
  }

  /** @param rows all events of the user, sorted */
  async #saveFolded(user: UserId, rows: readonly OwnedRow[]): Promise<void> {
    const last = rows.at(-1);
    if (last === undefined) await this.#store.saveUser(user, null);
    else await this.#save(user, this.#fold(emptyStates(this.#catalogue), rows), last);
  }

  /** The user's states with exactly the events known at the cutoff; null where there is none. */
  async statesAt(user: UserId, cutoff: Instant): Promise<S | null> {
    const record = await this.#store.user(user);
    if (record === null) return null;
    if (record.last.knownAtMs <= cutoff) {
      const states = this.#statesOf(user, record);
      if (states !== null) return states;
    }
    const known = (await this.#store.rowsOfUser(user)).filter((row) => row.knownAtMs <= cutoff);
    return known.length === 0 ? null : this.#fold(emptyStates(this.#catalogue), this.#sorted(known));
  }

  /** The user's features in the order of the catalogue, as of a cutoff; null where nothing is known by then. */
  async featuresAt(user: UserId, cutoff: Instant): Promise<Float64Array | null> {
    const states = await this.statesAt(user, cutoff);
    if (states === null) return null;
    return Float64Array.from(this.#catalogue.features, (feature) => feature.read(states, cutoff));
  }

  #fold(states: S, rows: readonly OwnedRow[]): S {
    addEvents(
      this.#catalogue,
      states,
      rows.map((row) => this.#known(row)),
    );
    return states;
  }

  async #save(user: UserId, states: S, last: OwnedRow): Promise<void> {
    const record: UserRecord = { states: encodeStates(this.#catalogue.accumulators, states, this.#names), last };
    await this.#store.saveUser(user, record);
    this.#held?.keep(user, states);
  }

  #sorted(rows: readonly OwnedRow[]): readonly OwnedRow[] {
    return rows.length === 1 ? rows : [...rows].sort((a, b) => this.#compare(a, b));
  }

  #compare(a: OwnedRow, b: OwnedRow): number {
    // Nearly all rows differ in this, and need not be looked at further.
    if (a.knownAtMs !== b.knownAtMs) return a.knownAtMs - b.knownAtMs;
    const byName = (x: number, y: number) => compareTexts(this.#names.nameOf(x), this.#names.nameOf(y));
    return compareInFoldOrder(this.#known(a), this.#known(b), byName);
  }

  #known({ event, knownAtMs }: OwnedRow): KnownEvent {
    return knownEvent(event, knownAtMs, this.#names);
  }
}
