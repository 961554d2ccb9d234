import type { Instant } from "../../base/time.js";
import { decodeStates } from "../../features/state-codec/state-codec.js";
import type { States } from "../../features/states.js";
import type { UserId } from "../../schema/user-id.js";
import type { LiveDb } from "../../store/live/live-db.js";
import { UserFold } from "../incremental/fold-user.js";
import { type DecodedRows, type KnownUser, type LiveMemory, statesBytes } from "./live-memory.js";
import { LiveUsers } from "./live-users.js";
import { NO_VERSION } from "./row-version.js";
import { type ChangedUser, changedUsers } from "./user-table.js";

/** Users asked for by one statement. */
const USERS_AT_ONCE = 1_000;
/** Statements under way; what is asked meanwhile goes with the next one. */
const STATEMENTS_AT_ONCE = 2;

/** What is made of a user's states. They are the reader's own: nothing of them may be kept or changed. */
type Use<T> = (states: States, rows: DecodedRows) => T;

interface Asked {
  readonly user: UserId;
  readonly asOf: Instant;
  readonly use: Use<unknown>;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Reads the states of users as of a moment. What is asked for in one turn of the event loop, or while statements are under way,
 * is read by one statement, which sends only the states that the process does not remember.
 */
export class LiveReader {
  readonly #db: LiveDb;
  readonly #memory: LiveMemory;
  #waiting: Asked[] = [];
  #running = 0;
  #isCalled = false;

  constructor(db: LiveDb, memory: LiveMemory) {
    this.#db = db;
    this.#memory = memory;
  }

  /** Null for a user of whom nothing is known by then. Throws `STORE_UNAVAILABLE`. */
  read<T>(user: UserId, asOf: Instant, use: Use<T>): Promise<T | null> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ user, asOf, use, resolve: resolve as (value: unknown) => void, reject });
      this.#call();
    });
  }

  #call(): void {
    if (this.#isCalled || this.#waiting.length === 0 || this.#running === STATEMENTS_AT_ONCE) return;
    this.#isCalled = true;
    setImmediate(() => {
      this.#isCalled = false;
      this.#running++;
      const asked = this.#waiting.splice(0, USERS_AT_ONCE);
      this.#answer(asked)
        .catch((error: unknown) => {
          for (const { reject } of asked) reject(error);
        })
        .finally(() => {
          this.#running--;
          this.#call();
        });
      this.#call();
    });
  }

  async #answer(asked: readonly Asked[]): Promise<void> {
    const rows = this.#memory.now;
    const byUser = new Map<UserId, Asked[]>();
    for (const one of asked) {
      const others = byUser.get(one.user);
      if (others === undefined) byUser.set(one.user, [one]);
      else others.push(one);
    }
    let unread: readonly UserId[] = [...byUser.keys()];
    let versionOf = (user: UserId): number => rows.users.get(user)?.version ?? NO_VERSION;
    while (unread.length > 0) {
      const versions = new Map(unread.map((user) => [user, versionOf(user)]));
      const found = new Map((await changedUsers(this.#db, versions)).map((row) => [row.user, row]));
      // From here to the answers nothing is awaited: a batch could change what is remembered.
      const forgotten: UserId[] = [];
      for (const [user, version] of versions) {
        const row = found.get(user);
        const known = row === undefined ? rememberedOf(user, version, rows) : readOf(row, rows);
        if (known === "forgotten") forgotten.push(user);
        else for (const one of byUser.get(user) ?? []) this.#settle(one, known, rows);
      }
      unread = forgotten;
      // Then everything is sent, so that nobody is asked for a third time.
      versionOf = () => NO_VERSION;
    }
  }

  /** @param known `"outdated"` where the states are of another version, null where there are none */
  #settle(asked: Asked, known: KnownUser | "outdated" | null, rows: DecodedRows): void {
    const { asOf, use, resolve, reject } = asked;
    if (known === null) resolve(null);
    else if (known === "outdated" || known.last.knownAtMs > asOf) this.#fromEvents(asked, rows).then(resolve, reject);
    else {
      try {
        resolve(use(known.states, rows));
      } catch (error) {
        reject(error);
      }
    }
  }

  /** As of a moment before the last event, states are folded again. */
  #fromEvents({ user, asOf, use }: Asked, rows: DecodedRows): Promise<unknown> {
    const { catalogue, names } = rows;
    return this.#db.snapshot(async (sql) => {
      const states = await new UserFold(new LiveUsers(sql), catalogue, names).statesAt(user, asOf);
      return states === null ? null : use(states, rows);
    });
  }
}

/** `"forgotten"`: a batch, or others, took what was remembered when it was asked for. */
function rememberedOf(user: UserId, version: number, rows: DecodedRows): KnownUser | "forgotten" {
  const entry = rows.users.get(user);
  return entry?.version === version ? entry.value : "forgotten";
}

/** Null where nothing is known of the user. */
function readOf({ user, version, record }: ChangedUser, rows: DecodedRows): KnownUser | "outdated" | null {
  if (version === null || record === null) return null;
  const entry = rows.users.get(user);
  if (entry?.version === version) return entry.value;
  const states = decodeStates(rows.catalogue, record.states, rows.names);
  if (states === null) return "outdated";
  const value = { states, last: record.last };
  // What is there is newer, or is about to be replaced by a newer one.
  if (entry === null) rows.users.put(user, { version, value, bytes: statesBytes(record.states.length) });
  return value;
}
