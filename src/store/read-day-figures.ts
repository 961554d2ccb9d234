import type { World } from "../base/world.js";
import { PAGE_CODE_SQL } from "./code-sql.js";
import { sqlText } from "./duckdb.js";
import { homePaths } from "./home-paths.js";
import { attributionsAreCurrent, eventsSql, type Lake } from "./lake.js";
import { withLake } from "./with-lake.js";

/** What a UTC day's rows are like, whoever they belong to. Counts, unless said otherwise. */
export interface DayFigures {
  readonly dayMs: number;
  readonly events: number;
  /** Different user ids as received. */
  readonly users: number;
  readonly blank: number;
  /** Hours of the day in which anything happened. */
  readonly activeHours: number;
  /** Of the rows that name a user, those that do not say it. */
  readonly missing: Readonly<Record<(typeof MISSING)[number], number>>;
  readonly songs: number;
  readonly songsUnnamed: number;
  readonly unknownPages: number;
  readonly pages: Readonly<Record<string, number>>;
  /** Rows that were given their user back; null where that was not tried. */
  readonly recovered: number | null;
  /** Mean of what recovery says it is sure of. */
  readonly confidence: number | null;
}

const MISSING = ["level", "location", "user_agent", "gender", "registration"] as const;
const PAGES_MAX = 200;

/** The days of a span that have rows, by time. Only the files that may hold some are read. Throws `LAKE_BROKEN`. */
export async function readDayFigures(
  lake: Lake,
  { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
  world: World,
): Promise<DayFigures[]> {
  const files = lake.manifest.files.filter((file) => file.lastTs >= fromMs && file.firstTs < toMs);
  if (files.length === 0) return [];
  const within = `ts >= ${fromMs} AND ts < ${toMs}`;
  const day = "(ts // 86400000) * 86400000";
  return withLake(
    lake,
    async (connection) => {
      const named = "user_id <> ''";
      const isMissing = (column: string) =>
        column === "registration" ? "registration IS NULL" : `coalesce(${column}, '') = ''`;
      const rows = await connection.runAndReadAll(
        `SELECT ${day}::DOUBLE, count(*)::DOUBLE, count(DISTINCT user_id) FILTER (${named})::DOUBLE,
           count(*) FILTER (user_id = '')::DOUBLE, count(DISTINCT ts // 3600000)::DOUBLE,
           count(*) FILTER (page = 'NextSong')::DOUBLE, count(*) FILTER (page = 'NextSong' AND song_id IS NULL)::DOUBLE,
           count(*) FILTER (${PAGE_CODE_SQL} = 0)::DOUBLE,
           ${MISSING.map((column) => `count(*) FILTER (${named} AND ${isMissing(column)})::DOUBLE`).join(", ")}
         FROM ${eventsSql(lake.home, files)} WHERE ${within} GROUP BY 1 ORDER BY 1`,
      );
      const pages = await connection.runAndReadAll(
        `SELECT ${day}::DOUBLE, page, count(*)::DOUBLE AS n FROM ${eventsSql(lake.home, files)} WHERE ${within}
         GROUP BY ALL ORDER BY n DESC`,
      );
      const pagesOf = new Map<number, Record<string, number>>();
      for (const [at, page, count] of pages.getRows()) {
        const own = pagesOf.get(Number(at)) ?? {};
        pagesOf.set(Number(at), own);
        if (Object.keys(own).length < PAGES_MAX) own[String(page)] = Number(count);
      }
      const recovered = attributionsAreCurrent(lake)
        ? await connection.runAndReadAll(
            `SELECT ${day}::DOUBLE, count(*)::DOUBLE, avg(confidence)
             FROM read_parquet(${sqlText(homePaths(lake.home).attributions)}) WHERE ${within} GROUP BY 1`,
          )
        : null;
      const recoveredOf = new Map(recovered?.getRows().map(([at, count, mean]) => [Number(at), { count, mean }]));
      return rows.getRows().map((row): DayFigures => {
        const [dayMs = 0, events = 0, users = 0, blank = 0, activeHours = 0, songs = 0, songsUnnamed = 0, unknown = 0] =
          row.map(Number);
        const own = recoveredOf.get(dayMs);
        return {
          dayMs,
          events,
          users,
          blank,
          activeHours,
          songs,
          songsUnnamed,
          unknownPages: unknown,
          missing: Object.fromEntries(MISSING.map((name, i) => [name, Number(row[8 + i])])) as DayFigures["missing"],
          pages: pagesOf.get(dayMs) ?? {},
          recovered: recovered === null ? null : Number(own?.count ?? 0),
          confidence: own === undefined ? null : Number(own.mean),
        };
      });
    },
    world,
  );
}
