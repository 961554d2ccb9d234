/**
 * The known events of a lake, column by column, ready to fold: no object per event, shared between threads.
 *
 * Rows of one user lie together (`userStart`), in the total order of the fold (`fold-order.ts`): knownAtMs, tsMs, sessionId,
 * item, page, and where two rows agree in all of these, their content.
 */
export interface EventColumns {
  /** User ids in binary text order; user `u` owns rows userStart[u] … userStart[u + 1] − 1. */
  readonly users: readonly string[];
  readonly userStart: Int32Array;
  /** When it could be attributed: `tsMs` of a logged-in row, the evidence's time of a recovered one. */
  readonly knownAtMs: Float64Array;
  readonly tsMs: Float64Array;
  readonly sessionId: Float64Array;
  readonly item: Int32Array;
  /** Codes of `PAGES`. */
  readonly page: Uint8Array;
  /** Codes of `AUTHS`. */
  readonly auth: Uint8Array;
  /** Codes of `LEVELS`; 255 unknown. */
  readonly level: Uint8Array;
  /** HTTP status; 0 unknown. */
  readonly status: Uint16Array;
  /** Song length in 10 µs units, so that sums are whole numbers; −1 where there is none. */
  readonly length10us: Int32Array;
  /** Low 52 bits of the MD5 of the name; −1 where there is none. */
  readonly artist: Float64Array;
  readonly song: Float64Array;
  /** NaN unknown. */
  readonly registrationMs: Float64Array;
  /** 0 unknown, 1 F, 2 M. */
  readonly gender: Uint8Array;
  /** Index into `states`; 0 is unknown. The state of a location is what follows its first comma. */
  readonly state: Uint16Array;
  readonly states: readonly string[];
  /** Whether any event comes from `simulate`: what is made from it says so. */
  readonly simulated: boolean;
}
