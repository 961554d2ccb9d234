import { createHash, timingSafeEqual } from "node:crypto";
import { RefrainError } from "../../base/errors.js";
import type { Instant } from "../../base/time.js";
import type { Role } from "../../schema/roles.js";
import type { LiveSql } from "../../store/live/live-db.js";

const PREFIX = "rfr";
/** Hex digits of the id, which is no secret, and of the secret: 128 bits. */
const ID_DIGITS = 12;
const SECRET_DIGITS = 32;
const KEY = new RegExp(`^${PREFIX}_([0-9a-f]{${ID_DIGITS}})_([0-9a-f]{${SECRET_DIGITS}})$`);
/** Random bytes that a new key wants. */
export const KEY_BYTES = (ID_DIGITS + SECRET_DIGITS) / 2;

/** A key as it is listed: everything but the key. */
export interface ApiKey {
  readonly id: string;
  readonly role: Role;
  readonly madeAtMs: number;
  /** Null: never. */
  readonly expiresAtMs: number | null;
  readonly revokedAtMs: number | null;
}

/**
 * Makes a key and keeps only the SHA-256 of its secret: the key itself is shown this once.
 *
 * @param random `KEY_BYTES` of them, from a source fit for secrets
 */
export async function createKey(
  sql: LiveSql,
  { role, expiresAtMs }: Pick<ApiKey, "role" | "expiresAtMs">,
  { now, random }: { readonly now: Instant; readonly random: Uint8Array },
): Promise<{ readonly id: string; readonly role: Role; readonly key: string }> {
  const digits = Buffer.from(random).toString("hex");
  const id = digits.slice(0, ID_DIGITS);
  const secret = digits.slice(ID_DIGITS, ID_DIGITS + SECRET_DIGITS);
  await sql.query("INSERT INTO api_keys VALUES ($1, $2, $3, $4, $5)", [id, role, hashOf(secret), now, expiresAtMs]);
  return { id, role, key: `${PREFIX}_${id}_${secret}` };
}

export function listKeys(sql: LiveSql): Promise<ApiKey[]> {
  return sql.query(
    `SELECT id, role, made_at_ms AS "madeAtMs", expires_at_ms AS "expiresAtMs", revoked_at_ms AS "revokedAtMs"
     FROM api_keys ORDER BY made_at_ms, id`,
  );
}

/** From now on the key opens nothing. Throws `KEY_UNKNOWN`. */
export async function revokeKey(sql: LiveSql, id: string, now: Instant): Promise<void> {
  const revoked = await sql.query(
    "UPDATE api_keys SET revoked_at_ms = coalesce(revoked_at_ms, $2) WHERE id = $1 RETURNING id",
    [id, now],
  );
  if (revoked.length === 0) throw new RefrainError("KEY_UNKNOWN", { id });
}

/** What a key opens; null for one that is unknown, revoked or expired. The secret is compared in constant time. */
export async function roleOfKey(sql: LiveSql, key: string, now: Instant): Promise<Role | null> {
  const [, id, secret] = KEY.exec(key) ?? [];
  if (id === undefined || secret === undefined) return null;
  const [row] = await sql.query<{ role: Role; hash: Uint8Array; expires: number | null; revoked: number | null }>(
    `SELECT role, secret_sha256 AS hash, expires_at_ms AS expires, revoked_at_ms AS revoked FROM api_keys WHERE id = $1`,
    [id],
  );
  if (row === undefined || !timingSafeEqual(hashOf(secret), row.hash)) return null;
  if (row.revoked !== null || (row.expires !== null && row.expires <= now)) return null;
  return row.role;
}

/** The id that a key names, whether there is such a key or not; null for what is no key. */
export function keyIdOf(key: string): string | null {
  return KEY.exec(key)?.[1] ?? null;
}

function hashOf(secret: string): Buffer {
  return createHash("sha256").update(secret).digest();
}
