import type { DuckDBConnection } from "@duckdb/node-api";
import type { VolumesDocument } from "../../schema/explore-document.js";
import type { LakeSummary } from "../../store/lake.js";
import { rowsOf } from "./query.js";
import { dateOf, dayOf } from "./tables.js";

/** How much there is, in all and by day. */
export async function volumesOf(connection: DuckDBConnection, summary: LakeSummary): Promise<VolumesDocument> {
  const [[sessions = 0] = []] = await rowsOf(connection, "SELECT count(*) FROM sessions");
  const [[musicHours = 0] = []] = await rowsOf(
    connection,
    "SELECT coalesce(sum(length_10us), 0) / 3.6e8 FROM events WHERE page = 'NextSong'",
  );
  const days = await rowsOf(
    connection,
    `SELECT ${dateOf("e.day")}, e.events, e.songs, coalesce(u.users, 0), e.blank, coalesce(c.cancelled, 0) FROM
       (SELECT ${dayOf("ts")} AS day, count(*) AS events, count(*) FILTER (page = 'NextSong') AS songs,
          count(*) FILTER (user_id = '') AS blank FROM events GROUP BY day) e
       LEFT JOIN (SELECT day, count(*) AS users FROM user_days GROUP BY day) u ON u.day = e.day
       LEFT JOIN (SELECT ${dayOf("cancelled_ts")} AS day, count(*) AS cancelled FROM users
          WHERE cancelled_ts IS NOT NULL GROUP BY day) c ON c.day = e.day
     ORDER BY e.day`,
  );
  const perDay = days.map(([day, events, songs, users, blank, cancelled]) => ({
    day: String(day),
    events: Number(events),
    songs: Number(songs),
    users: Number(users),
    eventsWithoutUser: Number(blank),
    cancelled: Number(cancelled),
  }));
  return {
    events: summary.rows,
    songs: perDay.reduce((sum, { songs }) => sum + songs, 0),
    users: summary.users,
    sessions: Number(sessions),
    eventsWithoutUser: summary.blankRows,
    musicHours: Number(musicHours),
    firstTs: summary.firstTs,
    lastTs: summary.lastTs,
    perDay,
  };
}
