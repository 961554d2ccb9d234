import { RefrainError } from "../base/errors.js";
import type { Settings } from "../schema/config.js";
import { Allowance } from "./allowance.js";
import type { Doors, Guard } from "./guard.js";
import type { Metrics } from "./metrics.js";
import { type Limits, requestLimits } from "./request-limits.js";

/** What all routes of a service share besides what they serve. */
export interface Shell {
  readonly settings: Settings;
  /** Keys, logins and the audit log. Throws `STARTING` until the store is open. */
  doors(): Doors;
  readonly limits: Limits;
  readonly metrics: Metrics;
  /** Events that wait for the store or are in it. */
  readonly events: Allowance;
  /** Bytes of bodies. */
  readonly bodies: Allowance;
  /** Whether the service is being stopped: it answers what it has begun, and is not ready for more. */
  isStopping: boolean;
}

export function shellOf(
  settings: Settings,
  { guard, metrics }: { readonly guard: Pick<Guard, "access">; readonly metrics: Metrics },
): Shell {
  return {
    settings,
    doors() {
      if (guard.access === null) throw new RefrainError("STARTING");
      return guard.access;
    },
    metrics,
    limits: requestLimits(settings),
    events: new Allowance(settings.eventQueueMax),
    bodies: new Allowance(settings.bodiesBytesMax),
    isStopping: false,
  };
}
