import type { Instant } from "../../base/time.js";
import type { LiveSql } from "../../store/live/live-db.js";

/** Who changed what, and what became of it. Never holds a key, nor a user id as it is: that would outlive the user's erasure. */
export interface AuditEntry {
  /** The id of a key, or by what else one was let in; null for nobody known. */
  readonly caller: string | null;
  /** Method and pattern of the route: `DELETE /users/:id`. */
  readonly action: string;
  readonly target: string | null;
  /** What HTTP answered. */
  readonly status: number;
  readonly requestId: string;
}

export interface KeptAuditEntry extends AuditEntry {
  readonly id: number;
  readonly atMs: number;
}

export async function keepAuditEntry(sql: LiveSql, entry: AuditEntry, now: Instant): Promise<void> {
  const { caller, action, target, status, requestId } = entry;
  await sql.query(
    "INSERT INTO audit_log (at_ms, caller, action, target, status, request_id) VALUES ($1, $2, $3, $4, $5, $6)",
    [now, caller, action, target, status, requestId],
  );
}

/** Newest first; `before` is the id of the last entry of the page before, null for the first page. */
export function auditEntries(
  sql: LiveSql,
  { before, limit }: { readonly before: number | null; readonly limit: number },
): Promise<KeptAuditEntry[]> {
  return sql.query(
    `SELECT id, at_ms AS "atMs", caller, action, target, status, request_id AS "requestId"
     FROM audit_log WHERE id < $1 ORDER BY id DESC LIMIT $2`,
    [before ?? Number.MAX_SAFE_INTEGER, limit],
  );
}
