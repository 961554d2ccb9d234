import type { DuckDBConnection } from "@duckdb/node-api";
import type { PageDocument } from "../../schema/explore-document.js";
import { rowsOf } from "./query.js";

/** Pages beyond this many are too many names to read; the oddities count those we do not know. */
const PAGES_MAX = 60;

/** How often each page comes, to how many users, and how often beside the songs of its plan; commonest first. */
export async function pagesOf(connection: DuckDBConnection): Promise<PageDocument[]> {
  const rows = await rowsOf(
    connection,
    `WITH counts AS (SELECT page, any_value(page_code) > 0 AS known, count(*) AS events,
         count(*) FILTER (level = 'free' AND user_id <> '') AS free, count(*) FILTER (level = 'paid' AND user_id <> '') AS paid,
         count(DISTINCT user_id) FILTER (user_id <> '') AS users FROM events GROUP BY page),
       songs AS (SELECT coalesce(max(free) FILTER (page = 'NextSong'), 0) AS free,
         coalesce(max(paid) FILTER (page = 'NextSong'), 0) AS paid, sum(events) AS events FROM counts)
     SELECT c.page, c.known, c.events, c.events / s.events, c.users / greatest((SELECT count(*) FROM users), 1),
       1000 * c.free / nullif(s.free, 0), 1000 * c.paid / nullif(s.paid, 0)
     FROM counts c, songs s ORDER BY c.events DESC, c.page LIMIT ${PAGES_MAX}`,
  );
  return rows.map(([page, known, events, share, usersShare, free, paid]) => ({
    page: String(page),
    known: Number(known) === 1,
    events: Number(events),
    share: Number(share),
    usersShare: Number(usersShare),
    per1000Songs: { free: orNull(free), paid: orNull(paid) },
  }));
}

function orNull(value: number | string | null | undefined): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}
