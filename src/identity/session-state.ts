import { MS_PER_DAY, MS_PER_HOUR } from "../base/time.js";
import type { Phase } from "./grammar.js";

/** A row as identity sees it. `user` is `""` where the row names nobody; `row` is the caller's own number for it. */
export interface SessionRow {
  user: string;
  tsMs: number;
  item: number;
  /** Code of `PAGES`. */
  page: number;
  /** Code of `AUTHS`. */
  auth: number;
  /** Code of `LEVELS`; 255 unknown. */
  level: number;
  row: number;
}

/**
 * What settled an owner: `continues`, the row itself (it fits one user who had logged out); `login`, a later row of the
 * owner; `elimination`, a later row of somebody else.
 */
export type Rule = "continues" | "login" | "elimination";

/** A blank row's owner. It depends on rows with tsMs ≤ knownAtMs only, and is never taken back. */
export interface Attribution {
  readonly row: number;
  readonly user: string;
  /** Posterior probability in [SETTLE_AT, 1]. */
  readonly confidence: number;
  /** Event time of the evidence, at or after the row's own. */
  readonly knownAtMs: number;
  readonly rule: Rule;
}

/** One listener's walk through a sessionId: items without a hole, from `start` up to `next` (not included). */
export interface Stream {
  /** `""` while nobody is known to own it: a chain of rows that began logged out. */
  readonly user: string;
  readonly start: number;
  next: number;
  lastTs: number;
  level: number;
  page: number;
  phase: Phase;
  /** Blank rows in it whose owner is not settled yet. */
  readonly rows: readonly number[];
}

/** One way to share out all rows so far. `weight` is its probability, the hypotheses together make 1. */
export interface Hypothesis {
  readonly weight: number;
  readonly streams: Stream[];
}

/** All that identity remembers of a sessionId run: plain JSON, bounded by the caps below. */
export interface SessionState {
  lastTs: number;
  /**
   * Probability of all that was forgotten while rows were unsettled: it lowers every confidence until they are settled.
   * Once above 1 − SETTLE_AT nothing can be settled: it becomes GIVEN_UP, and the rows up to a quiet hour are abstained
   * from, so that hostile input costs no time.
   */
  doubt: number;
  hypotheses: Hypothesis[];
}

/** A sessionId idle for longer is over: a later row with the same id starts a new run. */
export const RUN_IDLE_MS = MS_PER_DAY;
/** `doubt` of a sessionId whose rows cannot be told apart any more. */
export const GIVEN_UP = 1;
/** Idle time after which such a sessionId is taken up again. */
export const QUIET_MS = MS_PER_HOUR;
/** Below this posterior a row is left open for later evidence, and in the end abstained from. */
export const SETTLE_AT = 0.999;
/** Most open streams in a hypothesis; the one idle longest is forgotten. */
export const STREAMS_MAX = 32;
/** Most hypotheses; the least likely are forgotten, and become doubt. */
export const HYPOTHESES_MAX = 32;
/** Hypotheses below this share are forgotten as well. */
export const WEIGHT_MIN = 1e-7;
/** Most unsettled rows of a stream; the oldest stay without an owner. */
export const PENDING_MAX = 64;

/** A copy that can be changed where the original must not. `structuredClone` takes many times as long. */
export function copyOfSession({ lastTs, doubt, hypotheses }: SessionState): SessionState {
  return { lastTs, doubt, hypotheses: hypotheses.map(copyOfHypothesis) };
}

function copyOfHypothesis({ weight, streams }: Hypothesis): Hypothesis {
  return { weight, streams: streams.map(copyOfStream) };
}

/** Nobody changes `rows` where they are. */
function copyOfStream({ user, start, next, lastTs, level, page, phase, rows }: Stream): Stream {
  return { user, start, next, lastTs, level, page, phase, rows };
}

export function emptySession(): SessionState {
  return { lastTs: -Number.MAX_VALUE, doubt: 0, hypotheses: [{ weight: 1, streams: [] }] };
}
