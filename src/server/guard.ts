import type { FastifyRequest } from "fastify";
import { includes, type Role } from "../schema/roles.js";
import { HttpProblemError } from "./http-problems.js";

declare module "fastify" {
  interface FastifyContextConfig {
    /** Who may use the route; `none` asks for no key. A route that does not say is the admin's. */
    role?: Role | "none";
  }
}

/** Who may ask: what a key opens (null: nothing), and what is open without one. */
export interface Guard {
  roleOf(key: string): Promise<Role | null>;
  /** Null asks everybody for a key. */
  readonly keyless: Role | null;
}

const BEARER = /^Bearer +(\S+)$/i;

/** Throws `KEY_MISSING`, `KEY_REFUSED` or `ROLE_TOO_LOW` as problems. */
export async function admit(guard: Guard, { headers, routeOptions }: FastifyRequest): Promise<void> {
  const needed = routeOptions.config.role ?? "admin";
  if (needed === "none" || (guard.keyless !== null && includes(guard.keyless, needed))) return;
  const [, key] = BEARER.exec(headers.authorization ?? "") ?? [];
  if (key === undefined) throw new HttpProblemError("KEY_MISSING");
  const role = await guard.roleOf(key);
  if (role === null) throw new HttpProblemError("KEY_REFUSED");
  if (!includes(role, needed)) throw new HttpProblemError("ROLE_TOO_LOW");
}
