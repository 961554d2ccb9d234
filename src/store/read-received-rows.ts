import type { World } from "../base/world.js";
import { STATE_SQL } from "./code-sql.js";
import { stopIfAborted } from "./duckdb.js";
import { EVENT_NUMBERS_SQL } from "./known-events-sql.js";
import { eventsSql, type Lake } from "./lake.js";
import type { EventFile } from "./manifest.js";
import { withLake } from "./with-lake.js";

const { knownAtMs: _, ...NUMBERS } = EVENT_NUMBERS_SQL;
const TEXTS = { userId: "user_id", pageName: "page", stateName: STATE_SQL } as const;
const COLUMNS = { ...TEXTS, ...NUMBERS };

/** A row of the lake as it was received, in the codes of the folds. */
export type ReceivedRow = { readonly [name in keyof typeof NUMBERS]: number } & {
  readonly [name in keyof typeof TEXTS]: string;
};

/** The first is the order of time; by the second the rows of a session come together. */
const ORDERS = { time: "ts", session: "session_id, ts" } as const;

export interface ReadRows {
  readonly files: readonly EventFile[];
  readonly order: keyof typeof ORDERS;
  readonly portionRows: number;
}

/**
 * Hands on the rows of some files of a lake as they were received, logged-out ones among them, in portions of at least
 * `portionRows` but for the last. Throws `LAKE_BROKEN`, and whatever `take` throws.
 */
export async function readReceivedRows(
  lake: Lake,
  { files, order, portionRows }: ReadRows,
  take: (rows: readonly ReceivedRow[]) => Promise<void>,
  world: World,
): Promise<void> {
  if (files.length === 0) return;
  const names = Object.keys(COLUMNS) as (keyof typeof COLUMNS)[];
  const select = names.map((name) => `${COLUMNS[name]} AS "c_${name}"`).join(", ");
  await withLake(
    lake,
    async (connection) => {
      const result = await connection.stream(
        `SELECT ${select} FROM ${eventsSql(lake.home, files)} ORDER BY ${ORDERS[order]}`,
      );
      let portion: ReceivedRow[] = [];
      for (
        let chunk = await result.fetchChunk();
        chunk !== null && chunk.rowCount > 0;
        chunk = await result.fetchChunk()
      ) {
        for (const cells of chunk.getRows()) {
          portion.push(Object.fromEntries(names.map((name, i) => [name, cells[i]])) as ReceivedRow);
        }
        stopIfAborted(world);
        if (portion.length < portionRows) continue;
        await take(portion);
        portion = [];
      }
      if (portion.length > 0) await take(portion);
    },
    world,
  );
}
