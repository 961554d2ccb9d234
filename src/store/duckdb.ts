import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { RefrainError } from "../base/errors.js";
import type { World } from "../base/world.js";

const SIGNAL_POLL_MS = 50;

/**
 * Runs `action` on a DuckDB of its own, in memory, spilling to `tempFolder`. It loads no extension and asks no network.
 * Throws `INTERRUPTED` when the signal says so, also in the middle of a query.
 */
export async function withDuckDB<T>(
  tempFolder: string,
  action: (connection: DuckDBConnection) => Promise<T>,
  world: World,
): Promise<T> {
  const instance = await DuckDBInstance.create(":memory:", {
    threads: String(world.threads),
    temp_directory: tempFolder,
    autoinstall_known_extensions: "false",
    autoload_known_extensions: "false",
  });
  const connection = await instance.connect();
  const poll = setInterval(() => {
    if (world.signal.aborted) connection.interrupt();
  }, SIGNAL_POLL_MS);
  try {
    stopIfAborted(world);
    return await action(connection);
  } catch (error) {
    stopIfAborted(world);
    throw error;
  } finally {
    clearInterval(poll);
    connection.closeSync();
    instance.closeSync();
  }
}

export function stopIfAborted(world: World): void {
  if (world.signal.aborted) throw new RefrainError("INTERRUPTED");
}

/** A text as an SQL literal. */
export function sqlText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** The first row of a query as plain numbers; a `BIGINT` beyond 2^53 is a bug of the caller. */
export async function readNumbers(connection: DuckDBConnection, sql: string): Promise<number[]> {
  const rows = await (await connection.run(sql)).getRows();
  return (rows[0] ?? []).map(Number);
}

/** One line of what DuckDB complained about, for a message. */
export function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return (text.split("\n")[0] ?? "").trim();
}
