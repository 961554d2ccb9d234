import { randomInt } from "node:crypto";

/** No row has it: the version of what is not known. */
export const NO_VERSION = -1;

/**
 * A number for what one transaction writes: two never agree, also of processes that know nothing of each other, or where the
 * database was set back to an earlier state.
 */
export function freshVersion(): number {
  return randomInt(1, 2 ** 48 - 1);
}
