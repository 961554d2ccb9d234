import type { World } from "../base/world.js";
import type { LiveDbPlace } from "../store/live/open-live-db.js";
import { type Check, ok } from "./doctor/check.js";
import { checkLake, checkModels, checkStates } from "./doctor/data.js";
import { checkLiveStore } from "./doctor/live-store.js";
import { checkMlflow } from "./doctor/mlflow.js";
import { checkClock, checkDisk, checkHome, checkLock, checkNode } from "./doctor/place.js";

export interface Diagnosis {
  readonly checks: readonly Check[];
  /** The worst of them. */
  readonly verdict: Check["status"];
}

/** Looks at everything that a home needs to work, and changes nothing. What cannot be looked at is a finding, not an error. */
export async function examine(
  home: string,
  { place, nodeVersion }: { readonly place: LiveDbPlace; readonly nodeVersion: string },
  world: World,
): Promise<Diagnosis> {
  const checks = [
    checkNode(nodeVersion),
    // Whoever calls has read it.
    ok("configuration", "it can be read, and every key is known"),
    checkHome(home),
    checkLock(home),
    checkDisk(home),
    checkClock(home, world.now()),
    await checkLake(home, world),
    checkModels(home),
    checkStates(home, world),
    ...checkMlflow(home),
    await checkLiveStore(place),
  ];
  const has = (status: Check["status"]) => checks.some((check) => check.status === status);
  return { checks, verdict: has("fail") ? "fail" : has("warn") ? "warn" : "ok" };
}
