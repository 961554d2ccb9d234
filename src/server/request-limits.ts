import { performance } from "node:perf_hooks";
import type { FastifyRequest } from "fastify";
import type { Settings } from "../schema/config.js";
import { HttpProblemError } from "./http-problems.js";
import { networkOf } from "./remote.js";
import { TokenBuckets } from "./token-buckets.js";

/** How often one may ask. Each process counts for itself. */
export interface Limits {
  /** Counts a request of a key, or of a network where none is asked for. Throws `TOO_MANY`. */
  spend(subject: string): void;
  /** Counts a request that is refused for want of a key. Throws `TOO_MANY_REFUSED`. */
  refuse(request: FastifyRequest): void;
  /** Throws `TOO_MANY_REFUSED` where the request's network has been refused too often to be looked at. */
  checkRefused(request: FastifyRequest): void;
}

type Rates = Pick<Settings, "requestsPerSecond" | "refusalsPerMinute">;

/** Keys cannot be guessed (128 bits); what is limited is the work of looking them up. */
export function requestLimits({ requestsPerSecond, refusalsPerMinute }: Rates, now = () => performance.now()): Limits {
  const requests = new TokenBuckets({ perSecond: requestsPerSecond }, now);
  const refusals = new TokenBuckets({ perSecond: refusalsPerMinute / 60, burst: refusalsPerMinute }, now);
  return {
    spend(subject) {
      const waitMs = requests.take(subject);
      if (waitMs > 0) throw new HttpProblemError("TOO_MANY", waitMs);
    },
    refuse(request) {
      const waitMs = refusals.take(networkOf(request));
      if (waitMs > 0) throw new HttpProblemError("TOO_MANY_REFUSED", waitMs);
    },
    checkRefused(request) {
      const waitMs = refusals.waitMs(networkOf(request));
      if (waitMs > 0) throw new HttpProblemError("TOO_MANY_REFUSED", waitMs);
    },
  };
}
