import { z } from "zod";
import { isoOf } from "../../base/time.js";
import { reasonMessage } from "../../pipeline/ingest/reasons.js";
import { cursorOf, cursorSchema, limitSchema } from "../cursor.js";
import type { Route } from "../route.js";
import { opened } from "../serving.js";

const id = z.number().int().min(1).max(Number.MAX_SAFE_INTEGER);

export const quarantinePageSchema = z.object({
  items: z.array(
    z.object({
      id,
      received_at: z.string(),
      code: z.string(),
      message: z.string(),
      user_id: z.string().nullable(),
      /** The fields of an event that were sent; null where it was no object, or too long to be kept. */
      event: z.record(z.string(), z.unknown()).nullable(),
    }),
  ),
  next_cursor: z.string().nullable(),
  /** Older ones that made room. */
  dropped: z.number().int(),
});

const retryBodySchema = z.object({ event: z.record(z.string(), z.unknown()).optional() }).nullish();
const retriedSchema = z.object({
  id,
  accepted: z.number().int(),
  duplicates: z.number().int(),
  rejected: z.object({ code: z.string(), message: z.string() }).nullable(),
});

const LIST = {
  role: "reader",
  doc: {
    summary: "Live events that were not taken, and why, newest first",
    answers: { 200: { about: "A page; next_cursor is the cursor of the next one, null after the last." } },
  },
} as const;
const RETRY = {
  role: "admin",
  doc: {
    summary: "Try an event of the quarantine again, as it was or mended",
    answers: { 200: { about: "It is taken, and no longer in quarantine; or rejected says why not." } },
    problems: ["QUARANTINE_UNKNOWN", "QUARANTINE_PARTIAL"],
  },
} as const;

/** `GET /quarantine`: live events that were not taken. `POST /quarantine/:id/retry`: one of them again, mended by `event` in the body. */
export const quarantineRoutes: Route = (app, serving) => {
  const query = z.object({ cursor: cursorSchema(id).optional(), limit: limitSchema });
  const listing = { config: LIST, schema: { querystring: query, response: { 200: quarantinePageSchema } } } as const;
  app.get("/quarantine", listing, async ({ query: { cursor, limit } }) => {
    const { quarantine } = opened(serving);
    const rows = await quarantine.page({ before: cursor ?? null, limit });
    const last = rows.at(-1);
    return {
      items: rows.map(({ receivedAtMs, userId, code, ...row }) => ({
        ...row,
        code,
        received_at: isoOf(receivedAtMs),
        message: reasonMessage(code),
        user_id: userId,
      })),
      next_cursor: rows.length < limit || last === undefined ? null : cursorOf(last.id),
      dropped: await quarantine.dropped(),
    };
  });

  const params = z.object({ id: z.coerce.number().pipe(id) });
  const schema = { params, body: retryBodySchema, response: { 200: retriedSchema } };
  app.post("/quarantine/:id/retry", { config: RETRY, schema }, async ({ params, body }) => {
    const { accepted, duplicates, rejected } = await opened(serving).retry(params.id, body?.event);
    const [reason = null] = rejected;
    return { id: params.id, accepted, duplicates, rejected: reason };
  });
};
