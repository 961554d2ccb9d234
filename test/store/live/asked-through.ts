import type { LiveDb, LiveSql, SqlValue } from "../../../src/store/live/live-db.js";

/** Answers a statement, or fails, in place of `sql`. */
export type Ask = (sql: LiveSql, text: string, values?: readonly SqlValue[]) => Promise<unknown[]>;

/** The database, but its statements, single ones and those of transactions, are answered by `ask`. */
export function askedThrough(db: LiveDb, ask: Ask): LiveDb {
  const through = (sql: LiveSql): LiveSql => ({
    exec: (script) => sql.exec(script),
    query: <Row>(text: string, values?: readonly SqlValue[]) => ask(sql, text, values) as Promise<Row[]>,
  });
  return {
    ...through(db),
    transaction: (action, options) => db.transaction((sql) => action(through(sql)), options),
    snapshot: (action) => db.snapshot(action),
    reclaim: (options) => db.reclaim(options),
    close: () => db.close(),
  };
}
