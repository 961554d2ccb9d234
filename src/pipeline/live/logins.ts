import { createHash } from "node:crypto";
import type { Instant } from "../../base/time.js";
import type { Role } from "../../schema/roles.js";
import type { LiveSql } from "../../store/live/live-db.js";

/** Random bytes that a token wants. */
export const TOKEN_BYTES = 32;

/** Who a token lets in. */
export interface Login {
  /** Null where it came of a one-time link. */
  readonly keyId: string | null;
  readonly role: Role;
  readonly expiresAtMs: number;
}

interface Given {
  readonly now: Instant;
  /** `TOKEN_BYTES` of them, from a source fit for secrets. */
  readonly random: Uint8Array;
}

/** Begins a login of a key (by its id) or of a role; forgets those that are over. Returns the token, of which only the hash is kept. */
export async function beginLogin(
  sql: LiveSql,
  { who, lastsMs }: { readonly who: { readonly keyId: string } | { readonly role: Role }; readonly lastsMs: number },
  { now, random }: Given,
): Promise<{ readonly token: string; readonly expiresAtMs: number }> {
  const token = tokenOf(random);
  const expiresAtMs = now + lastsMs;
  const [keyId, role] = "keyId" in who ? [who.keyId, null] : [null, who.role];
  await sql.query("DELETE FROM logins WHERE expires_at_ms <= $1", [now]);
  await sql.query("INSERT INTO logins VALUES ($1, $2, $3, $4, $5)", [hashOf(token), keyId, role, now, expiresAtMs]);
  return { token, expiresAtMs };
}

/** Null for a token that was never given out, is over, was logged out, or whose key opens nothing any more. */
export async function loginOf(sql: LiveSql, token: string, now: Instant): Promise<Login | null> {
  const [row] = await sql.query<Login>(
    `SELECT l.key_id AS "keyId", coalesce(k.role, l.role) AS role, l.expires_at_ms AS "expiresAtMs"
     FROM logins l LEFT JOIN api_keys k ON k.id = l.key_id
     WHERE l.token_sha256 = $1 AND l.expires_at_ms > $2
       AND (k.id IS NULL OR (k.revoked_at_ms IS NULL AND coalesce(k.expires_at_ms > $2, true)))`,
    [hashOf(token), now],
  );
  return row ?? null;
}

export async function endLogin(sql: LiveSql, token: string): Promise<void> {
  await sql.query("DELETE FROM logins WHERE token_sha256 = $1", [hashOf(token)]);
}

/** Makes a token that `takeLoginLink` takes once. */
export async function makeLoginLink(
  sql: LiveSql,
  { role, lastsMs }: { readonly role: Role; readonly lastsMs: number },
  { now, random }: Given,
): Promise<string> {
  const token = tokenOf(random);
  await sql.query("DELETE FROM login_links WHERE expires_at_ms <= $1", [now]);
  await sql.query("INSERT INTO login_links VALUES ($1, $2, $3)", [hashOf(token), role, now + lastsMs]);
  return token;
}

/** The role that a link opens; null the second time, or too late. */
export async function takeLoginLink(sql: LiveSql, token: string, now: Instant): Promise<Role | null> {
  const [row] = await sql.query<{ role: Role; expires: number }>(
    "DELETE FROM login_links WHERE token_sha256 = $1 RETURNING role, expires_at_ms AS expires",
    [hashOf(token)],
  );
  return row === undefined || row.expires <= now ? null : row.role;
}

function tokenOf(random: Uint8Array): string {
  return Buffer.from(random).toString("base64url");
}

/** A look-up by the hash tells nothing of the token by the time that it takes. */
function hashOf(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}
