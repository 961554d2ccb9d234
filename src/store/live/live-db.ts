/** A parameter of a statement: arrays go as `arrayText`, many byte strings as `packBytes`. */
export type SqlValue = string | number | Uint8Array | null;

/** Where statements can be sent. `int8` and `float8` come back as numbers, `bytea` as `Uint8Array`. */
export interface LiveSql {
  /** One statement with `$1`, `$2` …; `Row` is what the caller knows of its columns. */
  query<Row = unknown>(text: string, values?: readonly SqlValue[]): Promise<Row[]>;
  /** Statements without parameters, separated by semicolons. */
  exec(script: string): Promise<void>;
}

export interface TransactionOptions {
  readonly byKey?: boolean;
}

/**
 * The database of the live store: PGlite or PostgreSQL, which take the same SQL. All of it throws `STORE_UNAVAILABLE` where
 * the database cannot be reached.
 */
export interface LiveDb extends LiveSql {
  /**
   * Commits what `action` did when it resolves, and takes it back when it throws. `action` uses the `sql` it is given, never
   * the database itself, and may be run again from the start where another transaction got in its way.
   *
   * @param options.byKey its statements, of few different texts, find their rows by key: each is planned once for a connection
   */
  transaction<T>(action: (sql: LiveSql) => Promise<T>, options?: TransactionOptions): Promise<T>;
  /** Reads that belong together: all of them see the database as it was when they began. */
  snapshot<T>(action: (sql: LiveSql) => Promise<T>): Promise<T>;
  /**
   * Frees the room of rows that were written over, and of the log of what was written. PostgreSQL does it by itself; PGlite has
   * nobody who would, and grows without end.
   *
   * @param options.thorough leaves nothing in PGlite's files of what was deleted: every table is written anew. Of PostgreSQL it is
   *   the administrator's matter
   */
  reclaim(options?: { readonly thorough: boolean }): Promise<void>;
  /** Waits for what was begun. */
  close(): Promise<void>;
}
