/** Stops on a bug of ours. Bad input is never asserted: it gets a `RefrainError` with advice. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`Bug in Refrain: ${message}`);
}
