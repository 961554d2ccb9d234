/** A statement that the database refused: a bug of ours, or a conflict between transactions. */
export class SqlError extends Error {
  /** The five characters of the SQL standard; null where the database gave none. */
  readonly code: string | null;

  constructor(message: string, code: string | null, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "SqlError";
    this.code = code;
  }
}
