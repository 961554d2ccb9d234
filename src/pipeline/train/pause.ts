import { RefrainError } from "../../base/errors.js";
import type { World } from "../../base/world.js";

/**
 * Lets signals in between two pieces of long arithmetic: while it runs, nothing else does, and Ctrl-C would go unheard. Fails
 * with INTERRUPTED.
 */
export async function pause(world: World): Promise<void> {
  await new Promise((resume) => setImmediate(resume));
  if (world.signal.aborted) throw new RefrainError("INTERRUPTED");
}
