import { RefrainError } from "../base/errors.js";
import { finishErasure } from "../pipeline/erase.js";
import { withHomeLock } from "../store/home-lock.js";
import type { Context } from "./context.js";
import { withLiveIfAny } from "./live-place.js";

const BUSY: readonly string[] = ["HOME_LOCKED", "LIVE_STORE_IN_USE"];

/** Does what is left of an erasure that was broken off; where a process holds the home or its live store, that is its matter. */
export async function finishInterrupted({ home, world, config }: Context): Promise<void> {
  try {
    await withHomeLock(home, "erase", async () => {
      world.log.info("Finishing the erasure of a user that was broken off");
      await withLiveIfAny({ home, world, config }, "erase", (live) => finishErasure(home, live, world));
    });
  } catch (error) {
    if (!(error instanceof RefrainError) || !BUSY.includes(error.code)) throw error;
  }
}
