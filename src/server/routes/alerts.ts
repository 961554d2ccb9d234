import { z } from "zod";
import { isoOf } from "../../base/time.js";
import type { Alert } from "../../pipeline/loop/alert-table.js";
import { SEVERITIES } from "../../schema/alert-rules.js";
import { cursorOf, cursorSchema, limitSchema } from "../cursor.js";
import type { Route } from "../route.js";
import { loopOf } from "../serving.js";

const id = z.number().int().min(1).max(Number.MAX_SAFE_INTEGER);

export const alertSchema = z.object({
  id,
  rule: z.string(),
  subject: z.string(),
  severity: z.enum(SEVERITIES),
  message: z.string(),
  value: z.number().nullable(),
  opened_at: z.string(),
  last_seen_at: z.string(),
  times_seen: z.number().int(),
  acked_at: z.string().nullable(),
  acked_by: z.string().nullable(),
  /** Null while it is open. */
  resolved_at: z.string().nullable(),
});

export const alertPageSchema = z.object({ items: z.array(alertSchema), next_cursor: z.string().nullable() });

const LIST = {
  role: "reader",
  doc: {
    summary: "Alerts, newest first",
    answers: { 200: { about: "A page; next_cursor is the cursor of the next one, null after the last." } },
  },
} as const;
const ACK = {
  role: "admin",
  doc: {
    summary: "Say that somebody has seen an alert",
    answers: { 200: { about: "The alert; it stays open until its reason is gone." } },
    problems: ["ALERT_UNKNOWN"],
  },
} as const;

/** `GET /alerts`: what was alarming, and is. `POST /alerts/:id/ack`: somebody has seen it. */
export const alertsRoutes: Route = (app, serving) => {
  const query = z.object({
    cursor: cursorSchema(id).optional(),
    limit: limitSchema,
    state: z.enum(["open", "all"]).default("open"),
  });
  const listing = { config: LIST, schema: { querystring: query, response: { 200: alertPageSchema } } } as const;
  app.get("/alerts", listing, async ({ query: { cursor, limit, state } }) => {
    const alerts = await loopOf(serving).alerts({ before: cursor ?? null, limit, state });
    const last = alerts.at(-1);
    return {
      items: alerts.map(alertAnswer),
      next_cursor: alerts.length < limit || last === undefined ? null : cursorOf(last.id),
    };
  });

  const acking = {
    config: ACK,
    schema: { params: z.object({ id: z.coerce.number().pipe(id) }), response: { 200: alertSchema } },
  } as const;
  app.post("/alerts/:id/ack", acking, async ({ params, caller }) =>
    alertAnswer(await loopOf(serving).ack(params.id, caller?.id ?? "keyless")),
  );
};

/** As commands and routes tell an alert. */
export function alertAnswer({ openedAtMs, lastSeenMs, ackedAtMs, resolvedAtMs, timesSeen, ackedBy, ...alert }: Alert) {
  const when = (ms: number | null) => (ms === null ? null : isoOf(ms));
  return {
    ...alert,
    opened_at: isoOf(openedAtMs),
    last_seen_at: isoOf(lastSeenMs),
    times_seen: timesSeen,
    acked_at: when(ackedAtMs),
    acked_by: ackedBy,
    resolved_at: when(resolvedAtMs),
  };
}
