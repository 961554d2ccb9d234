import { z } from "zod";
import { isoOf } from "../../base/time.js";
import { AUTHS, LEVELS, PAGES } from "../../schema/pages.js";
import { userParamsSchema } from "../api.js";
import { cursorOf, cursorSchema, limitSchema } from "../cursor.js";
import type { Route } from "../route.js";
import { opened } from "../serving.js";

export const timelineQuerySchema = z.object({
  cursor: cursorSchema(z.tuple([z.number(), z.number(), z.number()])).optional(),
  limit: limitSchema,
});

export const timelineSchema = z.object({
  items: z.array(
    z.object({
      ts: z.string(),
      /** When it could be known to be the user's: later than `ts` for an event that came without a user. */
      known_at: z.string(),
      page: z.string(),
      level: z.string().nullable(),
      auth: z.string().nullable(),
      session_id: z.number(),
      item_in_session: z.number(),
      /** Of a song, in seconds. */
      length: z.number().nullable(),
      /** Whether it came without a user, who was recovered. */
      recovered: z.boolean(),
    }),
  ),
  next_cursor: z.string().nullable(),
});

/** Song lengths are kept in units of 10 µs; -1 is none. */
const LENGTH_UNITS_PER_SECOND = 1e5;

const CONFIG = {
  role: "reader",
  doc: {
    summary: "What a user did, newest first",
    answers: { 200: { about: "A page; next_cursor is the cursor of the next one, null after the last." } },
    problems: ["USER_UNKNOWN"],
  },
} as const;

/** `GET /users/:id/timeline`: what a user did, newest first. */
export const timelineRoute: Route = (app, serving) => {
  const schema = { params: userParamsSchema, querystring: timelineQuerySchema, response: { 200: timelineSchema } };
  app.get("/users/:id/timeline", { config: CONFIG, schema }, async ({ params: { id }, query }) => {
    const { cursor, limit } = query;
    const after = cursor === undefined ? null : { tsMs: cursor[0], sessionId: cursor[1], item: cursor[2] };
    const rows = await opened(serving).timeline(id, { after, limit });
    const last = rows.length < limit ? undefined : rows.at(-1)?.event;
    return {
      items: rows.map(({ event, knownAtMs }) => ({
        ts: isoOf(event.tsMs),
        known_at: isoOf(knownAtMs),
        page: PAGES[event.page] ?? PAGES[0],
        level: LEVELS[event.level] ?? null,
        auth: AUTHS[event.auth] ?? null,
        session_id: event.sessionId,
        item_in_session: event.item,
        length: event.length10us < 0 ? null : event.length10us / LENGTH_UNITS_PER_SECOND,
        recovered: AUTHS[event.auth] === "Logged Out",
      })),
      next_cursor: last === undefined ? null : cursorOf([last.tsMs, last.sessionId, last.item]),
    };
  });
};
