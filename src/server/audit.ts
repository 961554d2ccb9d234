import { createHash } from "node:crypto";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { World } from "../base/world.js";
import type { AuditEntry } from "../pipeline/live/audit-log.js";
import { UNSTORABLE_TEXT } from "../schema/event-limits.js";
import type { Guard } from "./guard.js";

declare module "fastify" {
  interface FastifyContextConfig {
    /** Whether it goes into the audit log; unless said, what an admin may do and may change something does. */
    audited?: boolean;
  }
}

const SAFE_METHODS = new Set(["GET", "HEAD", "OPTIONS", "TRACE"]);

/**
 * Notes who changed what before the answer goes out, also what was refused to a key that is known. What the store cannot take
 * is logged: the change itself has happened by then.
 */
export function auditChanges(
  app: FastifyInstance,
  guard: Pick<Guard, "access">,
  log: Pick<World["log"], "warn">,
): void {
  app.addHook("onSend", (request, reply, _payload, done) => {
    const entry = entryOf(request, reply);
    if (entry === null || guard.access === null) done();
    else {
      guard.access
        .note(entry)
        .catch((error: Error) => log.warn(`audit log: ${JSON.stringify(entry)}: ${error.message}`))
        .then(() => done(), done);
    }
  });
}

/** Null for what is not noted. */
function entryOf(request: FastifyRequest, { statusCode: status }: FastifyReply): AuditEntry | null {
  const { config, url } = request.routeOptions;
  if (!isAudited(request) || url === undefined) return null;
  const caller = request.caller?.id ?? null;
  // Of strangers only logins that failed, which are limited: a line for each request would let them fill the disk.
  if (caller === null && (config.audited !== true || status < 400)) return null;
  return { caller, action: `${request.method} ${url}`, target: targetOf(request), status, requestId: request.id };
}

function isAudited({ method, is404, routeOptions: { config } }: FastifyRequest): boolean {
  if (is404 || config.isFallback === true) return false;
  return config.audited ?? ((config.role ?? "admin") === "admin" && !SAFE_METHODS.has(method));
}

const TARGET_CHARS_MAX = 300;

/** What no database can hold must not keep an attempt out of the log. */
function storable(text: string): string {
  return text.slice(0, TARGET_CHARS_MAX).replace(new RegExp(UNSTORABLE_TEXT, "gu"), "\ufffd");
}

/** What the address names; of a user only the SHA-256, since the log outlives an erasure. */
function targetOf({ params, routeOptions: { url = "" } }: FastifyRequest): string | null {
  const named = Object.values((params ?? {}) as Record<string, string>).join("/");
  if (named === "") return null;
  return url.startsWith("/users/") ? `sha256:${createHash("sha256").update(named).digest("hex")}` : storable(named);
}
