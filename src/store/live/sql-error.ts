import { RefrainError } from "../../base/errors.js";

/** A statement that the database refused: a bug of ours, or a conflict between transactions. */
export class SqlError extends Error {
  /** SQLSTATE: the five characters of the SQL standard. */
  readonly code: string;

  constructor(message: string, code: string, cause?: unknown) {
    super(message, { cause });
    this.name = "SqlError";
    this.code = code;
  }
}

/** Classes of SQLSTATE where the server, not the statement, is at fault: connection, resources (a full disk), operator, system. */
const SERVER_FAULTS = ["08", "53", "57", "58"];
/** What the user of the database may not do is its administrator's to mend. */
const INSUFFICIENT_PRIVILEGE = "42501";

/** What a driver threw as an error of ours: `STORE_UNAVAILABLE` unless the database answered and refused the statement. */
export function sqlFailure(thrown: unknown): SqlError | RefrainError {
  const { code, message } = thrown as { code?: unknown; message?: unknown };
  const state = typeof code === "string" && /^[0-9A-Z]{5}$/.test(code) ? code : null;
  const isServers = state === null || SERVER_FAULTS.includes(state.slice(0, 2)) || state === INSUFFICIENT_PRIVILEGE;
  return isServers ? unreachable(thrown) : new SqlError(String(message), state, thrown);
}

/** Why there is no connection as `STORE_UNAVAILABLE`: also where the server answered that it knows no such user or database. */
export function unreachable(thrown: unknown): RefrainError {
  const { code, message } = thrown as { code?: unknown; message?: unknown };
  return new RefrainError("STORE_UNAVAILABLE", { reason: String(message || code || thrown) }, thrown);
}
