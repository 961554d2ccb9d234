import { Access } from "../pipeline/live/access.js";
import type { ApiKey } from "../pipeline/live/api-keys.js";
import type { Role } from "../schema/roles.js";
import type { RunningService } from "../store/live-lock.js";
import type { Context } from "./context.js";
import { serviceInTheWay, withLive } from "./live-place.js";
import { askService } from "./service-client.js";

/** The keys of a live store: in the store itself, or at the service that has it open. */
export interface KeyRing {
  createKey(
    role: Role,
    expires: string | null,
  ): Promise<{ readonly id: string; readonly role: Role; readonly key: string }>;
  listKeys(): Promise<readonly ApiKey[]>;
  /** Throws `KEY_UNKNOWN`. */
  revokeKey(id: string): Promise<void>;
}

/** Throws `LIVE_STORE_IN_USE`, `STORE_UNAVAILABLE`. */
export function withKeyRing<T>(context: Context, work: (keys: KeyRing) => Promise<T>): Promise<T> {
  const running = serviceInTheWay(context);
  if (running !== null) return work(keysAt(running));
  return withLive(context, "keys", (db) => {
    const access = new Access(db, context.world);
    return work({
      createKey: (role, expires) => access.createKey(role, expires === null ? null : Date.parse(expires)),
      listKeys: () => access.listKeys(),
      revokeKey: (id) => access.revokeKey(id),
    });
  });
}

interface ListedKey {
  readonly id: string;
  readonly role: Role;
  readonly made_at: string;
  readonly expires_at: string | null;
  readonly revoked_at: string | null;
}

function keysAt(service: RunningService): KeyRing {
  const when = (iso: string | null) => (iso === null ? null : Date.parse(iso));
  return {
    createKey: (role, expires) =>
      askService(service, {
        method: "POST",
        path: "/keys",
        body: { role, ...(expires === null ? {} : { expires }) },
      }),
    listKeys: async () => {
      const { keys } = await askService<{ keys: ListedKey[] }>(service, { method: "GET", path: "/keys" });
      return keys.map(({ id, role, made_at, expires_at, revoked_at }) => ({
        id,
        role,
        madeAtMs: Date.parse(made_at),
        expiresAtMs: when(expires_at),
        revokedAtMs: when(revoked_at),
      }));
    },
    revokeKey: (id) => askService(service, { method: "DELETE", path: `/keys/${encodeURIComponent(id)}` }),
  };
}
