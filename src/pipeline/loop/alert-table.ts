import { RefrainError } from "../../base/errors.js";
import { MS_PER_HOUR, MS_PER_MINUTE } from "../../base/time.js";
import { ATTEMPTS_MAX, backoffMs } from "../../monitor/alerts/backoff.js";
import type { Finding } from "../../monitor/alerts/evaluate-rules.js";
import type { AlertRule, Severity } from "../../schema/alert-rules.js";
import type { LiveDb, LiveSql } from "../../store/live/live-db.js";

/** An episode: from when a rule began to hold for a subject until it did no longer. */
export interface Alert {
  readonly id: number;
  readonly rule: string;
  readonly subject: string;
  readonly severity: Severity;
  readonly message: string;
  readonly value: number | null;
  readonly openedAtMs: number;
  readonly lastSeenMs: number;
  readonly timesSeen: number;
  readonly ackedAtMs: number | null;
  readonly ackedBy: string | null;
  readonly resolvedAtMs: number | null;
}

export type AlertEvent = "opened" | "resolved";

const FIELDS = `id, rule, subject, severity, message, value, opened_at_ms AS "openedAtMs", last_seen_ms AS "lastSeenMs",
  times_seen AS "timesSeen", acked_at_ms AS "ackedAtMs", acked_by AS "ackedBy", resolved_at_ms AS "resolvedAtMs"`;

export interface Settled {
  readonly opened: number;
  readonly resolved: number;
}

/**
 * Brings the alerts in line with what holds now. What is open stays one alert however often it is found; what came back within its rule's
 * cooldown is the same one again, and nobody is told twice; what holds no longer is resolved, as is what no rule speaks of any more.
 *
 * @param sinks who is to be told, by name
 */
export function settleAlerts(
  db: LiveDb,
  findings: readonly Finding[],
  {
    rules,
    sinks,
    now,
  }: { readonly rules: readonly AlertRule[]; readonly sinks: readonly string[]; readonly now: number },
): Promise<Settled> {
  return db.transaction(async (sql) => {
    // One at a time: two who settle at once would open one alert twice.
    await sql.exec("LOCK TABLE alerts IN SHARE ROW EXCLUSIVE MODE");
    const open = await sql.query<Alert>(`SELECT ${FIELDS} FROM alerts WHERE resolved_at_ms IS NULL`);
    const held = new Set(findings.map(keyOf));
    let opened = 0;
    let resolved = 0;
    for (const finding of findings) {
      if (open.some((alert) => keyOf(alert) === keyOf(finding))) await seeAgain(sql, finding, now);
      else if (await openOrReopen(sql, finding, { rules, sinks, now })) opened++;
    }
    for (const alert of open) {
      if (held.has(keyOf(alert))) continue;
      await sql.query("UPDATE alerts SET resolved_at_ms = $2 WHERE id = $1", [alert.id, now]);
      await tell(sql, { id: alert.id, event: "resolved", sinks, now });
      resolved++;
    }
    return { opened, resolved };
  });
}

const keyOf = ({ rule, subject }: Pick<Finding, "rule" | "subject">): string => JSON.stringify([rule, subject]);

async function seeAgain(
  sql: LiveSql,
  { rule, subject, message, value, severity }: Finding,
  now: number,
): Promise<void> {
  await sql.query(
    `UPDATE alerts SET last_seen_ms = $3, times_seen = times_seen + 1, message = $4, value = $5, severity = $6
     WHERE rule = $1 AND subject = $2 AND resolved_at_ms IS NULL`,
    [rule, subject, now, message, value, severity],
  );
}

/** Returns whether it is a new one. */
async function openOrReopen(
  sql: LiveSql,
  finding: Finding,
  { rules, sinks, now }: { rules: readonly AlertRule[]; sinks: readonly string[]; now: number },
): Promise<boolean> {
  const { rule, subject, severity, message, value } = finding;
  const cooldownMs = (rules.find(({ name }) => name === rule)?.cooldownHours ?? 0) * MS_PER_HOUR;
  const again = await sql.query(
    `UPDATE alerts SET resolved_at_ms = NULL, last_seen_ms = $3, times_seen = times_seen + 1, message = $5, value = $6
     WHERE id = (SELECT max(id) FROM alerts WHERE rule = $1 AND subject = $2)
       AND opened_at_ms > $4 AND opened_at_ms <= $3 RETURNING id`,
    [rule, subject, now, now - cooldownMs, message, value],
  );
  if (again.length > 0) return false;
  const [row] = await sql.query<{ id: number }>(
    `INSERT INTO alerts (rule, subject, severity, message, value, opened_at_ms, last_seen_ms)
     VALUES ($1, $2, $3, $4, $5, $6, $6) RETURNING id`,
    [rule, subject, severity, message, value, now],
  );
  if (row !== undefined) await tell(sql, { id: row.id, event: "opened", sinks, now });
  return true;
}

async function tell(
  sql: LiveSql,
  { id, event, sinks, now }: { id: number; event: AlertEvent; sinks: readonly string[]; now: number },
): Promise<void> {
  for (const sink of sinks) {
    await sql.query(
      `INSERT INTO alert_deliveries (alert_id, event, sink, next_at_ms) VALUES ($1, $2, $3, $4)
       ON CONFLICT (alert_id, event, sink) DO UPDATE SET attempts = 0, next_at_ms = excluded.next_at_ms, done_at_ms = NULL`,
      [id, event, sink, now],
    );
  }
}

/** Newest first; `before` is the id of the last alert of the page before. */
export function readAlerts(
  sql: LiveSql,
  { before, limit, state }: { readonly before: number | null; readonly limit: number; readonly state: "open" | "all" },
): Promise<Alert[]> {
  const which = state === "open" ? "AND resolved_at_ms IS NULL" : "";
  return sql.query<Alert>(`SELECT ${FIELDS} FROM alerts WHERE id < $1 ${which} ORDER BY id DESC LIMIT $2`, [
    before ?? Number.MAX_SAFE_INTEGER,
    limit,
  ]);
}

/** Notes that somebody has seen an alert; once more changes nothing. Throws `ALERT_UNKNOWN`. */
export async function ackAlert(
  sql: LiveSql,
  id: number,
  { by, now }: { readonly by: string; readonly now: number },
): Promise<Alert> {
  const [alert] = await sql.query<Alert>(
    `UPDATE alerts SET acked_at_ms = coalesce(acked_at_ms, $2), acked_by = coalesce(acked_by, $3) WHERE id = $1
     RETURNING ${FIELDS}`,
    [id, now, by],
  );
  if (alert === undefined) throw new RefrainError("ALERT_UNKNOWN", { id });
  return alert;
}

/** Tells somebody of an alert; throws where that failed. */
export type AlertSink = (alert: Alert, event: AlertEvent) => Promise<void>;

/** Who tells has so long; then somebody else tries. */
const CLAIMED_MS = 2 * MS_PER_MINUTE;

/**
 * Tells whoever is still to be told. Each delivery is claimed first, so that of several processes one makes it; one that fails is tried
 * again, ever later, and one whose process died is tried by the next. It may come twice, but is never lost.
 */
export async function deliverAlerts(
  db: LiveDb,
  sinks: Readonly<Record<string, AlertSink>>,
  { now, log }: { readonly now: number; readonly log: { warn(message: string): void } },
): Promise<{ readonly delivered: number; readonly failed: number }> {
  const counts = { delivered: 0, failed: 0 };
  for (;;) {
    const [claimed] = await db.query<{
      delivery: number;
      event: AlertEvent;
      sink: string;
      attempts: number;
      id: number;
    }>(
      `UPDATE alert_deliveries SET attempts = attempts + 1, next_at_ms = $1::int8 + $2::int8
       WHERE id = (SELECT id FROM alert_deliveries WHERE done_at_ms IS NULL AND next_at_ms <= $1::int8
         AND sink = ANY(string_to_array($3, ',')) ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED)
       RETURNING id AS delivery, alert_id AS id, event, sink, attempts`,
      [now, CLAIMED_MS, Object.keys(sinks).join(",")],
    );
    if (claimed === undefined) return counts;
    const { delivery, id, event, sink, attempts } = claimed;
    try {
      const [alert] = await db.query<Alert>(`SELECT ${FIELDS} FROM alerts WHERE id = $1`, [id]);
      if (alert !== undefined) await sinks[sink]?.(alert, event);
      await db.query("UPDATE alert_deliveries SET done_at_ms = $2 WHERE id = $1", [delivery, now]);
      counts.delivered++;
    } catch (error) {
      counts.failed++;
      const isLast = attempts >= ATTEMPTS_MAX;
      const reason = error instanceof Error ? error.message : String(error);
      log.warn(`Alert ${id} could not be told (${sink}): ${reason}${isLast ? "; it is given up" : ""}`);
      await db.query("UPDATE alert_deliveries SET next_at_ms = $2, done_at_ms = $3 WHERE id = $1", [
        delivery,
        now + backoffMs(attempts),
        isLast ? now : null,
      ]);
    }
  }
}
