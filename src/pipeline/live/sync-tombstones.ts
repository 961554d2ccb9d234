import { arrayText } from "../../store/live/array-text.js";
import type { LiveDb } from "../../store/live/live-db.js";
import { readTombstones, type Tombstones, writeTombstones } from "../../store/tombstones.js";

/**
 * Brings the tombstones of a home and of its live store together: ingest asks the one, live events the other, and a database may
 * serve several homes. Needs the home lock.
 */
export async function syncTombstones(home: string, db: LiveDb): Promise<Tombstones> {
  const own = readTombstones(home);
  const salts = await db.query<{ salt: string }>("SELECT salt FROM erasure_salts ORDER BY salt");
  const rows = await db.query<{ hash: string; at: number }>(
    "SELECT sha256 AS hash, erased_at_ms AS at FROM tombstones",
  );
  const both = own.with({
    salts: salts.map(({ salt }) => salt),
    erased: rows.map(({ hash, at }): [string, number] => [hash, at]),
  });
  if (both.erased.size > own.erased.size || both.salts.length > own.salts.length) writeTombstones(home, both);
  if (both.erased.size > rows.length) {
    await db.transaction(async (sql) => {
      await sql.query("INSERT INTO erasure_salts SELECT unnest($1::text[]) ON CONFLICT DO NOTHING", [
        arrayText(both.salts),
      ]);
      await sql.query("INSERT INTO tombstones SELECT * FROM unnest($1::text[], $2::int8[]) ON CONFLICT DO NOTHING", [
        arrayText([...both.erased.keys()]),
        arrayText([...both.erased.values()]),
      ]);
    });
  }
  return both;
}
