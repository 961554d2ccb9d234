import { hash, randomBytes } from "node:crypto";
import type { World } from "../../base/world.js";
import type { Role } from "../../schema/roles.js";
import type { LiveDb } from "../../store/live/live-db.js";
import { type ApiKey, createKey, KEY_BYTES, keyIdOf, listKeys, revokeKey, roleOfKey } from "./api-keys.js";
import { type AuditEntry, auditEntries, type KeptAuditEntry, keepAuditEntry } from "./audit-log.js";
import { beginLogin, endLogin, loginOf, makeLoginLink, TOKEN_BYTES, takeLoginLink } from "./logins.js";
import { Remembered } from "./remembered.js";

/** Somebody who was let in. */
export interface Caller {
  /** The id of a key; `link` where a one-time link let them in. */
  readonly id: string;
  readonly role: Role;
}

/** A key that has opened something before: whether it still does. */
export interface FamiliarKey {
  caller(): Promise<Caller | null> | Caller;
}

/** A login that goes on. */
export interface Session extends Caller {
  readonly expiresAtMs: number;
}

/** How long an answer of the store holds: a key revoked by another process may open for so long still. */
const REMEMBERED_MS = 1000;
const CALLERS_MAX = 10_000;

/** Who may come in: keys, logins and the audit log of a live store. All replicas on one store share them. */
export class Access {
  readonly #db: LiveDb;
  readonly #world: Pick<World, "now">;
  readonly #keys: Remembered<Caller>;
  readonly #sessions: Remembered<Session>;

  constructor(db: LiveDb, world: Pick<World, "now">) {
    this.#db = db;
    this.#world = world;
    const kept = { forMs: REMEMBERED_MS, most: CALLERS_MAX };
    this.#keys = new Remembered(kept, world);
    this.#sessions = new Remembered(kept, world);
  }

  /** Null for a key that is unknown, revoked or expired. */
  callerOf(key: string): Promise<Caller | null> | Caller {
    return this.#callerOf(key, digest(key));
  }

  #callerOf(key: string, name: string): Promise<Caller | null> | Caller {
    return this.#keys.get(name, async () => {
      const [id, role] = [keyIdOf(key), await roleOfKey(this.#db, key, this.#world.now())];
      return id === null || role === null ? null : { id, role };
    });
  }

  /** Whom `callerOf` has let in by this key before, however long ago; null for a key it has not. */
  familiar(key: string): FamiliarKey | null {
    const name = digest(key);
    return this.#keys.has(name) ? { caller: () => this.#callerOf(key, name) } : null;
  }

  sessionOf(token: string): Promise<Session | null> | Session {
    return this.#sessions.get(digest(token), async () => {
      const login = await loginOf(this.#db, token, this.#world.now());
      return login === null ? null : { id: login.keyId ?? "link", role: login.role, expiresAtMs: login.expiresAtMs };
    });
  }

  /** A login with the role of a key; null for a key that opens nothing. */
  async login(key: string, lastsMs: number): Promise<(Session & { readonly token: string }) | null> {
    const caller = await this.callerOf(key);
    if (caller === null) return null;
    return { ...caller, ...(await this.#begin({ keyId: caller.id }, lastsMs)) };
  }

  /** A login with the role of a one-time link; null for one that was used or is too old. */
  async loginByLink(link: string, lastsMs: number): Promise<(Session & { readonly token: string }) | null> {
    const role = await takeLoginLink(this.#db, link, this.#world.now());
    return role === null ? null : { id: "link", role, ...(await this.#begin({ role }, lastsMs)) };
  }

  /** A token for `GET /login?token=`, which works once. */
  makeLink(role: Role, lastsMs: number): Promise<string> {
    return makeLoginLink(this.#db, { role, lastsMs }, { now: this.#world.now(), random: randomBytes(TOKEN_BYTES) });
  }

  async logout(token: string): Promise<void> {
    await endLogin(this.#db, token);
    this.#sessions.clear();
  }

  createKey(role: Role, expiresAtMs: number | null) {
    const given = { now: this.#world.now(), random: randomBytes(KEY_BYTES) };
    return createKey(this.#db, { role, expiresAtMs }, given);
  }

  listKeys(): Promise<ApiKey[]> {
    return listKeys(this.#db);
  }

  /** The key and its logins open nothing any more, in this process at once. Throws `KEY_UNKNOWN`. */
  async revokeKey(id: string): Promise<void> {
    await revokeKey(this.#db, id, this.#world.now());
    this.#keys.clear();
    this.#sessions.clear();
  }

  note(entry: AuditEntry): Promise<void> {
    return keepAuditEntry(this.#db, entry, this.#world.now());
  }

  auditEntries(page: { readonly before: number | null; readonly limit: number }): Promise<KeptAuditEntry[]> {
    return auditEntries(this.#db, page);
  }

  /** Resolves when the store answers. Throws `STORE_UNAVAILABLE`. */
  async ping(): Promise<void> {
    await this.#db.query("SELECT 1");
  }

  #begin(who: { readonly keyId: string } | { readonly role: Role }, lastsMs: number) {
    return beginLogin(this.#db, { who, lastsMs }, { now: this.#world.now(), random: randomBytes(TOKEN_BYTES) });
  }
}

/** Secrets are not kept in memory as they are. */
function digest(secret: string): string {
  // Half the time of a `Hash` object: a key is digested for every request.
  return hash("sha256", secret, "base64");
}
