import type { DuckDBConnection } from "@duckdb/node-api";
import type { World } from "../base/world.js";
import { authCode, genderCode, levelCode, stateOf } from "../schema/event-codes.js";
import { SIMULATED_AGENT } from "../schema/event-limits.js";
import { compareTexts } from "../schema/fold-order.js";
import { pageCode } from "../schema/pages.js";
import { fillColumns } from "./column-chunks.js";
import { readNumbers } from "./duckdb.js";
import { type OWN_TEXTS, type TextColumn, TUPLES, type TupleName } from "./event-batch.js";
import type { HeldLake, HeldProfiles, HeldRequests, NameNumbers } from "./held-events.js";
import type { Staging } from "./staging.js";

const STATES_MAX = 65_535;

/**
 * The fresh rows as the lake will show them, from memory alone.
 *
 * @param fresh places of the fresh rows among the staged ones, by ts; null: all of them
 */
export function holdLake(staging: Staging, fresh: Int32Array | null): HeldLake {
  const { held: rows } = staging;
  const occurring = fresh === null ? null : occurringIn(rows.numbers("profile", Int32Array), fresh);
  const profiles = tuplesOf(staging, "profile");
  const distinct = (texts: (string | null)[]) => {
    const chosen = texts.filter((text, code) => text && (occurring === null || occurring.has(code))) as string[];
    return [...new Set(chosen)].sort(compareTexts);
  };
  const users = distinct(profiles.texts("user_id"));
  const states = distinct(profiles.texts("location").map(stateOf)).slice(0, STATES_MAX);
  return {
    rows,
    fresh,
    requests: requestsOf(staging),
    profiles: profilesOf(profiles, users, states),
    users,
    states: ["", ...states],
    simulated: distinct(profiles.texts("user_agent")).some((agent) => agent.includes(SIMULATED_AGENT)),
  };
}

/** The numbers of the artists and songs, once the tables `id_artist` and `id_song` are there. */
export async function nameNumbers({ connection, words }: Staging, world: World): Promise<NameNumbers> {
  const numbers = async (column: (typeof OWN_TEXTS)[number]) => {
    const out = new Float64Array(words[column].count);
    const sql = `SELECT id::DOUBLE FROM id_${column} WHERE code >= 0 ORDER BY code`;
    await fillColumns(connection, sql, [out], world);
    return out;
  };
  return { artist: await numbers("artist"), song: await numbers("song") };
}

/** Places of the rows of the table `fresh` among the staged ones, by ts. */
export async function freshRows(connection: DuckDBConnection, world: World): Promise<Int32Array> {
  const [count = 0] = await readNumbers(connection, "SELECT count(*) FROM fresh");
  const rows = new Int32Array(count);
  await fillColumns(connection, "SELECT staged_row FROM fresh ORDER BY ts, ord", [rows], world);
  return rows;
}

function occurringIn(profile: Int32Array, rows: Int32Array): Set<number> {
  const found = new Set<number>();
  for (const row of rows) found.add(profile[row] as number);
  return found;
}

/** The columns of all tuples of a kind, by code. */
function tuplesOf({ words, tuples }: Staging, name: TupleName) {
  const { list } = tuples[name];
  const columns: readonly string[] = TUPLES[name];
  const numbers = (column: string) =>
    Array.from({ length: list.count }, (_, code) => list.valueOf(code, columns.indexOf(column)));
  const texts = (column: TextColumn) => {
    const known = words[column].texts();
    return numbers(column).map((code) => known[code] ?? null);
  };
  return { numbers, texts };
}

function requestsOf(staging: Staging): HeldRequests {
  const { texts, numbers } = tuplesOf(staging, "request");
  return {
    page: Uint8Array.from(texts("page"), (page) => pageCode(page ?? "")),
    auth: Uint8Array.from(texts("auth"), (auth) => authCode(auth ?? "")),
    level: Uint8Array.from(texts("level"), levelCode),
    status: Uint16Array.from(numbers("status"), (status) => Math.max(0, status)),
  };
}

function profilesOf(
  { texts, numbers }: ReturnType<typeof tuplesOf>,
  users: readonly string[],
  states: readonly string[],
): HeldProfiles {
  const userIndex = new Map(users.map((user, index) => [user, index]));
  const stateIndex = new Map(states.map((state, index) => [state, index + 1]));
  return {
    userIndex: Int32Array.from(texts("user_id"), (user) => userIndex.get(user ?? "") ?? -1),
    gender: Uint8Array.from(texts("gender"), genderCode),
    state: Uint16Array.from(texts("location"), (location) => stateIndex.get(stateOf(location)) ?? 0),
    registrationMs: Float64Array.from(numbers("registration")),
  };
}
