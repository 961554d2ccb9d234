import { createHash, timingSafeEqual } from "node:crypto";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { RefrainError } from "../base/errors.js";
import type { Access, Caller } from "../pipeline/live/access.js";
import { includes, type Role } from "../schema/roles.js";
import { cookieOf, SESSION_COOKIE } from "./cookies.js";
import { checkCsrf } from "./csrf.js";
import { HttpProblemError } from "./http-problems.js";
import { isDirectLoopback, networkOf } from "./remote.js";
import type { Limits } from "./request-limits.js";

declare module "fastify" {
  interface FastifyContextConfig {
    /** Who may use the route; `none` asks for no key. A route that does not say is the admin's. */
    role?: Role | "none";
    /** Whether this machine itself needs no key. */
    isOpenOnLoopback?: boolean;
    /** Set for the answers to methods that an address does not take. */
    isFallback?: boolean;
  }
  interface FastifyRequest {
    /** Who asks; null where the route asks for no key. */
    caller: Caller | null;
  }
}

/** What the store knows of who may come in. */
export type Doors = Pick<
  Access,
  | "callerOf"
  | "isFamiliar"
  | "sessionOf"
  | "login"
  | "loginByLink"
  | "logout"
  | "note"
  | "auditEntries"
  | "ping"
  | "createKey"
  | "listKeys"
  | "revokeKey"
>;

/** Who may ask: what keys and logins open, and what is open without them. */
export interface Guard {
  /** Null until the store is open. */
  readonly access: Doors | null;
  /** Null asks everybody for a key. */
  readonly keyless: Role | null;
  /** What commands of this machine say instead of a key: whoever can read the home is its admin. */
  readonly localToken?: string;
}

const BEARER = /^Bearer +(\S+)$/i;
const KEYLESS_ID = "keyless";
const LOCAL: Caller = { id: "local", role: "admin" };

/** Lets in who may, and no more often than they may. */
export function guardRoutes(app: FastifyInstance, guard: Guard, limits: Limits): void {
  app.decorateRequest("caller", null);
  app.addHook("onRequest", async (request) => {
    // An address without a route has nothing to guard.
    if (request.is404) return;
    const { role: needed = "admin", isOpenOnLoopback = false } = request.routeOptions.config;
    const isOpen = needed === "none" || (isOpenOnLoopback && isDirectLoopback(request));
    if (!isOpen) await admit({ guard, limits, request, needed });
    limits.spend(request.caller?.id ?? networkOf(request));
  });
}

interface Asked {
  readonly guard: Guard;
  readonly limits: Limits;
  readonly request: FastifyRequest;
  readonly needed: Role;
}

/** Throws `KEY_MISSING`, `KEY_REFUSED`, `ROLE_TOO_LOW`, `CSRF_REFUSED` or `TOO_MANY_REFUSED` as problems. */
async function admit({ guard, limits, request, needed }: Asked): Promise<void> {
  const { keyless } = guard;
  const isOpen = keyless !== null && includes(keyless, needed);
  const caller = isOpen ? { id: KEYLESS_ID, role: keyless } : await callerOf({ guard, limits, request });
  // Also whoever may not do it is known by name.
  request.caller = caller;
  if (!includes(caller.role, needed)) throw new HttpProblemError("ROLE_TOO_LOW");
}

async function callerOf({ guard, limits, request }: Omit<Asked, "needed">): Promise<Caller> {
  const { access, localToken } = guard;
  const { authorization } = request.headers;
  const [, key] = BEARER.exec(authorization ?? "") ?? [];
  if (key !== undefined && localToken !== undefined && isSame(key, localToken)) return LOCAL;
  const token = authorization === undefined ? cookieOf(request, SESSION_COOKIE) : null;
  if (key === undefined && token === null) {
    limits.refuse(request);
    throw new HttpProblemError("KEY_MISSING");
  }
  // A key that works is looked up again even where guesses from its network are held back.
  if (key === undefined || access?.isFamiliar(key) !== true) limits.checkRefused(request);
  if (access === null) throw new RefrainError("STARTING");
  const caller = await (key === undefined ? access.sessionOf(token ?? "") : access.callerOf(key));
  if (caller === null) {
    limits.refuse(request);
    throw new HttpProblemError(key === undefined ? "LOGIN_OVER" : "KEY_REFUSED");
  }
  if (key === undefined) checkCsrf(request, token ?? "");
  return caller;
}

/** In constant time; how long the secret is is no secret. */
function isSame(given: string, secret: string): boolean {
  if (given.length !== secret.length) return false;
  return timingSafeEqual(createHash("sha256").update(given).digest(), createHash("sha256").update(secret).digest());
}
