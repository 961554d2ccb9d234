import type { DuckDBConnection } from "@duckdb/node-api";
import type { World } from "../base/world.js";
import { SIMULATED_AGENT } from "../schema/event-limits.js";
import { AUTH_CODE_SQL, GENDER_CODE_SQL, LEVEL_CODE_SQL, PAGE_CODE_SQL } from "./code-sql.js";
import { fillColumns, type NumberArray, readTexts } from "./column-chunks.js";
import { readNumbers, sqlText } from "./duckdb.js";
import type { HeldLake, HeldMeanings } from "./held-events.js";
import { placesSql } from "./read-event-columns.js";
import type { Staging } from "./staging.js";

/**
 * The fresh rows as the lake will show them, once the tables `fresh` and `id_…` are there; null when they are not held. To be
 * called before the rows are written: that keeps the connection busy.
 */
export async function holdLake(staging: Staging, world: World): Promise<HeldLake | null> {
  const { connection, held: rows } = staging;
  if (rows.count === null) return null;
  const occurring = (column: string) => `SELECT DISTINCT ${column} FROM fresh`;
  await connection.run(
    `CREATE TEMP TABLE held_users AS SELECT code, text, (row_number() OVER (ORDER BY text) - 1)::INTEGER AS ix
     FROM word_user_id WHERE text <> '' AND code IN (${occurring("user_id")})`,
  );
  await connection.run(
    `CREATE TEMP TABLE held_places AS ${placesSql(
      `SELECT text AS location FROM word_location WHERE code IN (${occurring("location")})`,
    )}`,
  );
  const states = await readTexts(connection, "SELECT DISTINCT state, ix FROM held_places WHERE ix > 0 ORDER BY ix");
  const agents = `SELECT 1 FROM word_user_agent WHERE contains(text, ${sqlText(SIMULATED_AGENT)})
    AND code IN (${occurring("user_agent")}) LIMIT 1`;
  const [simulated = 0] = await readNumbers(connection, `SELECT count(*) FROM (${agents})`);
  return {
    rows,
    fresh: staging.isOrderedAndDistinct() ? null : await freshRows(connection, world),
    meanings: await meaningsOf(connection, world),
    users: await readTexts(connection, "SELECT text FROM held_users ORDER BY ix"),
    states: ["", ...states],
    simulated: simulated > 0,
  };
}

async function freshRows(connection: DuckDBConnection, world: World): Promise<Int32Array> {
  const [count = 0] = await readNumbers(connection, "SELECT count(*) FROM fresh");
  const rows = new Int32Array(count);
  await fillColumns(connection, "SELECT staged_row FROM fresh ORDER BY ts, ord", [rows], world);
  return rows;
}

async function meaningsOf(connection: DuckDBConnection, world: World): Promise<HeldMeanings> {
  const filled = async <T extends NumberArray>(
    column: string,
    sql: string,
    into: new (length: number) => T,
  ): Promise<T> => {
    const [words = 0] = await readNumbers(connection, `SELECT count(*) FROM word_${column}`);
    const out = new into(words);
    await fillColumns(connection, sql, [out], world);
    return out;
  };
  const coded = (column: string, sql: string) =>
    filled(column, `SELECT ${sql} FROM (SELECT code, text AS ${column} FROM word_${column}) ORDER BY code`, Uint8Array);
  const named = (column: string) =>
    filled(column, `SELECT coalesce(id, -1)::DOUBLE FROM id_${column} ORDER BY code`, Float64Array);
  const users = "SELECT coalesce(h.ix, -1) FROM word_user_id w LEFT JOIN held_users h USING (code) ORDER BY w.code";
  const places =
    "SELECT coalesce(h.ix, 0)::USMALLINT FROM word_location w LEFT JOIN held_places h ON h.location = w.text ORDER BY w.code";
  return {
    userId: await filled("user_id", users, Int32Array),
    page: await coded("page", PAGE_CODE_SQL),
    auth: await coded("auth", AUTH_CODE_SQL),
    level: await coded("level", LEVEL_CODE_SQL),
    gender: await coded("gender", GENDER_CODE_SQL),
    location: await filled("location", places, Uint16Array),
    artist: await named("artist"),
    song: await named("song"),
  };
}
