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
  | "familiar"
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
  app.addHook("onRequest", (request, _reply, done) => {
    // An address without a route has nothing to guard.
    if (request.is404) {
      done();
      return;
    }
    const { role: needed = "admin", isOpenOnLoopback = false } = request.routeOptions.config;
    const isOpen = needed === "none" || (isOpenOnLoopback && isDirectLoopback(request));
    const caller = isOpen ? null : whoAsks({ guard, limits, request, needed });
    const letIn = (found: Caller | null) => {
      // Also whoever may not do it is known by name.
      request.caller = found;
      if (found !== null && !isOpen && !includes(found.role, needed)) throw new HttpProblemError("ROLE_TOO_LOW");
      limits.spend(found?.id ?? networkOf(request));
    };
    // Nearly all are known at once: a promise more for each request is a few percent of it.
    if (!(caller instanceof Promise)) {
      letIn(caller);
      done();
    } else caller.then(letIn).then(() => done(), done);
  });
}

interface Asked {
  readonly guard: Guard;
  readonly limits: Limits;
  readonly request: FastifyRequest;
  readonly needed: Role | "none";
}

/** Throws `KEY_MISSING`, `KEY_REFUSED`, `CSRF_REFUSED` or `TOO_MANY_REFUSED` as problems. */
function whoAsks({ guard, limits, request, needed }: Asked): Caller | Promise<Caller> {
  const { keyless, access, localToken } = guard;
  if (keyless !== null && needed !== "none" && includes(keyless, needed)) return { id: KEYLESS_ID, role: keyless };
  const { authorization } = request.headers;
  const [, key] = BEARER.exec(authorization ?? "") ?? [];
  if (key === undefined) {
    const token = authorization === undefined ? cookieOf(request, SESSION_COOKIE) : null;
    return byLogin({ guard, limits, request }, token);
  }
  if (localToken !== undefined && isSame(key, localToken)) return LOCAL;
  const known = access?.familiar(key)?.caller();
  return known !== undefined && known !== null && !(known instanceof Promise)
    ? known
    : byKey({ guard, limits, request }, key);
}

type Asking = Omit<Asked, "needed">;

async function byKey({ guard: { access }, limits, request }: Asking, key: string): Promise<Caller> {
  // A key that works is looked up again even where guesses from its network are held back.
  const familiar = access?.familiar(key) ?? null;
  if (familiar === null) limits.checkRefused(request);
  if (access === null) throw new RefrainError("STARTING");
  const caller = await (familiar === null ? access.callerOf(key) : familiar.caller());
  if (caller !== null) return caller;
  limits.refuse(request);
  throw new HttpProblemError("KEY_REFUSED");
}

async function byLogin({ guard: { access }, limits, request }: Asking, token: string | null): Promise<Caller> {
  if (token === null) {
    limits.refuse(request);
    throw new HttpProblemError("KEY_MISSING");
  }
  limits.checkRefused(request);
  if (access === null) throw new RefrainError("STARTING");
  const caller = await access.sessionOf(token);
  if (caller === null) {
    limits.refuse(request);
    throw new HttpProblemError("LOGIN_OVER");
  }
  checkCsrf(request, token);
  return caller;
}

/** In constant time; how long the secret is is no secret. */
function isSame(given: string, secret: string): boolean {
  if (given.length !== secret.length) return false;
  return timingSafeEqual(createHash("sha256").update(given).digest(), createHash("sha256").update(secret).digest());
}
