import { type ConfigKeyFacts, MS_MAX, whole } from "./config-key.js";

const MIB = 1024 * 1024;

/** What the service takes, and how long it waits. */
export const LIMIT_KEYS = {
  requestsPerSecond: {
    values: whole(1, 1_000_000),
    about: "requests of one key (of one address, where a route asks for no key), as many again at once",
    unit: "1/s",
    otherwise: 20_000,
  },
  refusalsPerMinute: {
    values: whole(1, 1_000_000),
    about: "requests of one address without a key or with one that opens nothing",
    unit: "1/min",
    otherwise: 60,
  },
  eventQueueMax: {
    values: whole(1, 10_000_000),
    about: "events that wait for the live store or are in it; beyond them QUEUE_FULL",
    unit: "events",
    otherwise: 50_000,
  },
  bodiesBytesMax: {
    values: whole(MIB, 1024 * 1024 * MIB),
    about: "bytes of all bodies that are being received or worked on; beyond them QUEUE_FULL",
    unit: "bytes",
    otherwise: 256 * MIB,
  },
  bodyBytesMax: {
    values: whole(1024, 1024 * MIB),
    about: "bytes of one body, where the route does not have a limit of its own",
    unit: "bytes",
    otherwise: MIB,
  },
  requestTimeoutMs: {
    values: whole(1000, MS_MAX),
    about: "a request that has not arrived whole by then is given up",
    unit: "ms",
    otherwise: 30_000,
  },
  shutdownTimeoutMs: {
    values: whole(0, MS_MAX),
    about: "how long serve waits, when stopped, for the requests that it is answering",
    unit: "ms",
    otherwise: 10_000,
  },
} as const satisfies Record<string, ConfigKeyFacts>;
