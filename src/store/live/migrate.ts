import { RefrainError } from "../../base/errors.js";
import type { World } from "../../base/world.js";
import type { LiveDb, LiveSql } from "./live-db.js";
import { MIGRATIONS } from "./migrations/all.js";
import type { Migration } from "./migrations/migration.js";

/** Who holds this advisory lock migrates; any number of our own will do. */
const LOCK = 7_265_667_241;

/**
 * Brings the tables to the newest version, each migration in a transaction of its own; of several who begin at once one
 * works and the others wait. Throws `STORE_NEWER` for a database that knows more migrations than we do.
 */
export async function migrate(
  db: LiveDb,
  world: Pick<World, "now">,
  migrations: readonly Migration[] = MIGRATIONS,
): Promise<void> {
  let version = 0;
  do version = await db.transaction((sql) => step(sql, migrations, world));
  while (version < migrations.length);
}

/** Makes the next migration, if there is one; returns the version reached. */
async function step(sql: LiveSql, migrations: readonly Migration[], world: Pick<World, "now">): Promise<number> {
  await sql.query("SELECT pg_advisory_xact_lock($1)", [LOCK]);
  await sql.exec(`CREATE TABLE IF NOT EXISTS migrations (
    version int4 PRIMARY KEY, name text NOT NULL, made_at_ms int8 NOT NULL
  )`);
  const [row] = await sql.query<{ version: number }>("SELECT coalesce(max(version), 0) AS version FROM migrations");
  const version = row?.version ?? 0;
  const known = migrations.length;
  if (version > known) throw new RefrainError("STORE_NEWER", { version, known });
  const next = migrations[version];
  if (next === undefined) return version;
  await sql.exec(next.sql);
  await sql.query("INSERT INTO migrations VALUES ($1, $2, $3)", [version + 1, next.name, world.now()]);
  return version + 1;
}
