/** Raised when `identity/` finds other owners in the same rows, so that attributions of an earlier version are made again. */
export const IDENTITY_VERSION = 1;

/**
 * Rows of a lake, known and blank, in the order in which identity is folded:
 * (sessionId, tsMs, item, page, user id as received, auth, level). Rows that agree in all of it are the same to identity.
 */
export interface SessionColumns {
  readonly sessionId: Float64Array;
  readonly tsMs: Float64Array;
  readonly item: Int32Array;
  /** Codes of `PAGES`. */
  readonly page: Uint8Array;
  /** Codes of `AUTHS`; any other code is unknown. */
  readonly auth: Uint8Array;
  /** Codes of `LEVELS`; 255 unknown. */
  readonly level: Uint8Array;
  /** Index into `users`; −1 where the row names nobody. */
  readonly userIndex: Int32Array;
  /** User ids as received, in binary text order; `""` is not among them. */
  readonly users: readonly string[];
}
