import type { DuckDBConnection } from "@duckdb/node-api";
import type { World } from "../base/world.js";
import { SIMULATED_AGENT } from "../schema/event-limits.js";
import { fillColumns, readTexts } from "./column-chunks.js";
import { readNumbers, sqlText } from "./duckdb.js";
import type { HeldLake, HeldMeanings } from "./held-events.js";
import { EVENT_NUMBERS_SQL } from "./known-events-sql.js";
import { placesSql } from "./read-event-columns.js";
import type { Staging } from "./staging.js";

/**
 * The fresh rows as the lake will show them, once the tables of `MonthsToWrite` are there; null when they are not held. To be
 * called before the rows are written: that keeps the connection busy.
 */
export async function holdLake(staging: Staging, world: World): Promise<HeldLake | null> {
  const { connection, held: rows } = staging;
  if (rows.count === null) return null;
  await connection.run(
    `CREATE TEMP TABLE held_profile AS SELECT p.* FROM profile_texts p
       WHERE code IN (${staging.isOrderedAndDistinct() ? "SELECT code FROM profile" : "SELECT DISTINCT profile FROM fresh"});
     CREATE TEMP TABLE held_user AS SELECT text, (row_number() OVER (ORDER BY text) - 1)::INTEGER AS ix
       FROM (SELECT DISTINCT user_id::VARCHAR AS text FROM held_profile WHERE user_id <> '');
     CREATE TEMP TABLE held_place AS ${placesSql("SELECT DISTINCT location::VARCHAR AS location FROM held_profile")}`,
  );
  const states = await readTexts(connection, "SELECT DISTINCT state, ix FROM held_place WHERE ix > 0 ORDER BY ix");
  const agents = `SELECT 1 FROM held_profile WHERE contains(user_agent, ${sqlText(SIMULATED_AGENT)}) LIMIT 1`;
  const [simulated = 0] = await readNumbers(connection, `SELECT count(*) FROM (${agents})`);
  return {
    rows,
    fresh: staging.isOrderedAndDistinct() ? null : await freshRows(connection, world),
    meanings: await meaningsOf(connection, world),
    users: await readTexts(connection, "SELECT text FROM held_user ORDER BY ix"),
    states: ["", ...states],
    simulated: simulated > 0,
  };
}

async function freshRows(connection: DuckDBConnection, world: World): Promise<Int32Array> {
  const rows = new Int32Array(await count(connection, "fresh"));
  await fillColumns(connection, "SELECT staged_row FROM fresh ORDER BY ts, ord", [rows], world);
  return rows;
}

async function meaningsOf(connection: DuckDBConnection, world: World): Promise<HeldMeanings> {
  const requests = await count(connection, "request");
  const request = {
    page: new Uint8Array(requests),
    auth: new Uint8Array(requests),
    level: new Uint8Array(requests),
    status: new Uint16Array(requests),
  };
  const { page, auth, level, status } = EVENT_NUMBERS_SQL;
  const requestSql = `SELECT ${page}, ${auth}, ${level}, ${status} FROM request_texts ORDER BY code`;
  await fillColumns(connection, requestSql, Object.values(request), world);
  const profiles = await count(connection, "profile");
  const profile = {
    userIndex: new Int32Array(profiles),
    gender: new Uint8Array(profiles),
    state: new Uint16Array(profiles),
    registrationMs: new Float64Array(profiles),
  };
  const { gender, registrationMs } = EVENT_NUMBERS_SQL;
  const profileSql = `SELECT coalesce(u.ix, -1), ${gender}, coalesce(h.ix, 0)::USMALLINT, ${registrationMs} FROM profile_texts p
    LEFT JOIN held_user u ON u.text = p.user_id LEFT JOIN held_place h ON h.location = p.location ORDER BY p.code`;
  await fillColumns(connection, profileSql, Object.values(profile), world);
  const numbersOf = async (column: string) => {
    const numbers = new Float64Array(await count(connection, `(FROM id_${column} WHERE code >= 0)`));
    const sql = `SELECT id::DOUBLE FROM id_${column} WHERE code >= 0 ORDER BY code`;
    await fillColumns(connection, sql, [numbers], world);
    return numbers;
  };
  return { request, profile, artist: await numbersOf("artist"), song: await numbersOf("song") };
}

async function count(connection: DuckDBConnection, table: string): Promise<number> {
  return (await readNumbers(connection, `SELECT count(*) FROM ${table}`))[0] ?? 0;
}
