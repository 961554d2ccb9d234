import type { Instant } from "./time.js";

export interface Log {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
}

/** An `AbortSignal` is one. */
export interface Signal {
  readonly aborted: boolean;
}

/** Everything that is not data: the clock, where words go, when to stop, how many threads there are. Always the last parameter. */
export interface World {
  now(): Instant;
  readonly seed: number;
  readonly threads: number;
  readonly log: Log;
  readonly signal: Signal;
}
