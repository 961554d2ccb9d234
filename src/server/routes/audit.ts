import { z } from "zod";
import { isoOf } from "../../base/time.js";
import type { Route } from "../route.js";

const LIMIT_MAX = 1000;

export const auditQuerySchema = z.object({
  cursor: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER).optional(),
  limit: z.coerce.number().int().min(1).max(LIMIT_MAX).default(100),
});

export const auditPageSchema = z.object({
  items: z.array(
    z.object({
      id: z.number().int(),
      at: z.string(),
      caller: z.string().nullable(),
      action: z.string(),
      target: z.string().nullable(),
      status: z.number().int(),
      request_id: z.string(),
    }),
  ),
  next_cursor: z.number().int().nullable(),
});

const CONFIG = {
  role: "admin",
  doc: {
    summary: "Who changed what, newest first",
    answers: { 200: { about: "A page; next_cursor is the cursor of the next one, null after the last." } },
  },
} as const;

/** `GET /audit`: who changed what, newest first. */
export const auditRoute: Route = (app, _serving, { doors }) => {
  const schema = { querystring: auditQuerySchema, response: { 200: auditPageSchema } };
  app.get("/audit", { config: CONFIG, schema }, async ({ query: { cursor, limit } }) => {
    const entries = await doors().auditEntries({ before: cursor ?? null, limit });
    const items = entries.map(({ atMs, requestId, ...entry }) => ({
      ...entry,
      at: isoOf(atMs),
      request_id: requestId,
    }));
    return { items, next_cursor: entries.length < limit ? null : (entries.at(-1)?.id ?? null) };
  });
};
