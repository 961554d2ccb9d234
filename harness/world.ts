import { asInstant } from "#src/base/time.js";
import type { World } from "#src/base/world.js";

/** The clock as it is, one thread, and nothing said. */
export const QUIET_WORLD: World = {
  now: () => asInstant(Date.now()),
  seed: 1,
  threads: 1,
  log: { debug() {}, info() {}, warn() {} },
  signal: { aborted: false },
};
