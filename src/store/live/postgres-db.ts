import pg from "pg";
import { RefrainError } from "../../base/errors.js";
import { inTransaction } from "./in-transaction.js";
import type { LiveDb, LiveSql, SqlValue, TransactionOptions } from "./live-db.js";
import { PARSERS } from "./row-types.js";
import { SqlError, sqlFailure, unreachable } from "./sql-error.js";

export interface PostgresOptions {
  /** Most connections at a time; further transactions wait for one. */
  readonly connections?: number;
  /** A statement that takes longer is given up. */
  readonly statementMs?: number;
  /** How long to wait for a connection. */
  readonly connectMs?: number;
}

/** Serialization failure, deadlock: the transaction did nothing, and can be made again. */
const CONFLICTS: readonly string[] = ["40001", "40P01"];
const TRIES = 8;

/** PostgreSQL by its URL. Connections that are lost are made again by the next call. */
export class PostgresDb implements LiveDb {
  readonly #pool: pg.Pool;

  constructor(url: string, { connections = 8, statementMs = 30_000, connectMs = 5_000 }: PostgresOptions = {}) {
    this.#pool = new pg.Pool({
      connectionString: url,
      max: connections,
      statement_timeout: statementMs,
      // Longer than the server's own limit: it ends a statement whose server does not answer at all.
      query_timeout: statementMs + connectMs,
      idle_in_transaction_session_timeout: statementMs,
      connectionTimeoutMillis: connectMs,
      types: { getTypeParser: typeParser },
    });
    // A connection lost while idle: the pool has let go of it, and who asks next gets another.
    this.#pool.on("error", () => {});
  }

  query<Row>(text: string, values: readonly SqlValue[] = []): Promise<Row[]> {
    return this.#withClient((client) => sqlOf(client).query<Row>(text, values));
  }

  exec(script: string): Promise<void> {
    return this.#withClient((client) => sqlOf(client).exec(script));
  }

  async transaction<T>(action: (sql: LiveSql) => Promise<T>, { byKey = false }: TransactionOptions = {}): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#withClient((client) =>
          byKey ? inTransaction(preparedOf(client), "byKey", action) : inTransaction(sqlOf(client), "write", action),
        );
      } catch (error) {
        if (!(error instanceof SqlError) || !CONFLICTS.includes(error.code)) throw error;
        const reason = "other transactions were in the way again and again";
        if (attempt === TRIES) throw new RefrainError("STORE_UNAVAILABLE", { reason }, error);
      }
    }
  }

  snapshot<T>(action: (sql: LiveSql) => Promise<T>): Promise<T> {
    return this.#withClient((client) => inTransaction(sqlOf(client), "snapshot", action));
  }

  async reclaim(): Promise<void> {}

  close(): Promise<void> {
    return this.#pool.end();
  }

  async #connect(): Promise<pg.PoolClient> {
    try {
      return await this.#pool.connect();
    } catch (error) {
      throw unreachable(error);
    }
  }

  async #withClient<T>(use: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    const client = await this.#connect();
    let isLost = false;
    const lose = () => {
      isLost = true;
    };
    client.on("error", lose);
    try {
      return await use(client);
    } catch (error) {
      // Only a refused statement leaves the connection as it was.
      isLost ||= !(error instanceof SqlError);
      throw error;
    } finally {
      client.off("error", lose);
      client.release(isLost);
    }
  }
}

function sqlOf(client: pg.PoolClient): LiveSql {
  return {
    query: <Row>(text: string, values: readonly SqlValue[] = []) => rowsOf<Row>(client, { text, values: [...values] }),
    exec: async (text) => {
      await rowsOf(client, { text });
    },
  };
}

/** The same, but the connection keeps each statement with parameters and its plan. */
function preparedOf(client: pg.PoolClient): LiveSql {
  return {
    ...sqlOf(client),
    query: <Row>(text: string, values: readonly SqlValue[] = []) =>
      rowsOf<Row>(client, { name: nameOf(text), text, values: [...values] }),
  };
}

async function rowsOf<Row>(client: pg.PoolClient, statement: pg.QueryConfig): Promise<Row[]> {
  try {
    return (await client.query(statement)).rows as Row[];
  } catch (error) {
    throw sqlFailure(error);
  }
}

/** Of statements that are kept: a connection keeps one text under a name. */
const names = new Map<string, string>();

function nameOf(text: string): string {
  const name = names.get(text) ?? `kept_${names.size}`;
  names.set(text, name);
  return name;
}

function typeParser(oid: number, format?: string): unknown {
  return (format !== "binary" && PARSERS[oid]) || pg.types.getTypeParser(oid, format === "binary" ? "binary" : "text");
}
