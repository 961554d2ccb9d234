import { mkdirSync, openSync } from "node:fs";
import { dirname } from "node:path";
import type { FastifyInstance } from "fastify";
import { destination, type Logger, pino, stdTimeFunctions } from "pino";
import type { Settings } from "../schema/config.js";

const STDERR = 2;
/** Lines are written together, so that one costs little; but soon. */
const GATHER_BYTES = 12 * 1024;
const FLUSH_MS = 500;
/** What nobody reads is dropped rather than kept in memory. */
const UNREAD_BYTES_MAX = 16 * 1024 * 1024;

/** A logger of lines of JSON, and how to end it. */
export interface ServiceLog {
  readonly logger: Logger;
  /** Writes what is left. */
  close(): void;
}

/** @param file where `logTo` says `home` */
export function openServiceLog({ logLevel, logTo }: Pick<Settings, "logLevel" | "logTo">, file: string): ServiceLog {
  const to = destination({
    dest: logTo === "home" ? opened(file) : STDERR,
    sync: false,
    minLength: GATHER_BYTES,
    maxLength: UNREAD_BYTES_MAX,
  });
  const flushing = setInterval(() => to.flush(), FLUSH_MS).unref();
  const logger = pino(
    {
      level: logLevel,
      base: null,
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (level) => ({ level }) },
      hooks: { streamWrite: withoutSecrets },
    },
    to,
  );
  return {
    logger,
    close() {
      clearInterval(flushing);
      to.flushSync();
    },
  };
}

function opened(file: string): number {
  mkdirSync(dirname(file), { recursive: true });
  return openSync(file, "a");
}

/**
 * A line for each request: what was asked (the route's pattern, since an address may hold a user's id), what was answered, how
 * long it took and whose key it was. What went well is `info`, what was refused too; what is not there for
 * now (503) is `warn`, what we could not do `error`.
 */
export function logRequests(app: FastifyInstance, logger: Logger): void {
  const isQuiet = !logger.isLevelEnabled("info");
  app.addHook("onResponse", (request, reply, done) => {
    done();
    const { statusCode: status, elapsedTime } = reply;
    if (isQuiet && status < 500) return;
    const line = {
      request: request.id,
      method: request.method,
      route: request.routeOptions.url ?? null,
      status,
      ms: Math.round(elapsedTime * 100) / 100,
      caller: request.caller?.id ?? null,
    };
    if (status < 500) logger.info(line);
    else if (status === 503) logger.warn(line);
    else logger.error(line);
  });
}

const SECRETS: readonly (readonly [RegExp, string])[] = [
  // keys, tokens and whatever else came in such a header
  [/\brfr_([0-9a-f]{12})_[0-9a-f]{32}\b/g, "rfr_$1_…"],
  [/\b(Bearer|Basic) +[^\s"']+/gi, "$1 …"],
  [/\b(refrain_session|token)=[^\s"';&]+/g, "$1=…"],
  // passwords in addresses of databases
  [/\b(\w+:\/\/[^\s:/@"]*):[^\s@"]+@/g, "$1:…@"],
];

/** A text as it may be logged. None of what we log should hold a secret; what a library puts into its messages might. */
export function withoutSecrets(text: string): string {
  return SECRETS.reduce((clean, [secret, instead]) => clean.replace(secret, instead), text);
}
