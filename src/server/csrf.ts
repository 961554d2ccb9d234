import { createHash, timingSafeEqual } from "node:crypto";
import type { FastifyRequest } from "fastify";
import { HttpProblemError } from "./http-problems.js";

const SAFE_METHODS = new Set(["GET", "HEAD", "OPTIONS"]);

/** What a page of ours sends along as `x-csrf-token`: it follows from the cookie, which no script can read. */
export function csrfTokenOf(token: string): string {
  return createHash("sha256").update(`csrf:${token}`).digest("base64url");
}

/**
 * A browser sends the cookie whoever wrote the page, so what may change something must prove that the page is ours: by the
 * token that only our answers hold, and by its `Origin`. Throws `CSRF_REFUSED`.
 */
export function checkCsrf({ method, headers }: Pick<FastifyRequest, "method" | "headers">, token: string): void {
  if (SAFE_METHODS.has(method)) return;
  const sent = headers["x-csrf-token"];
  const wanted = Buffer.from(csrfTokenOf(token));
  const given = Buffer.from(typeof sent === "string" ? sent : "");
  const isOurs = given.length === wanted.length && timingSafeEqual(given, wanted);
  if (!isOurs || !isSameOrigin(headers)) throw new HttpProblemError("CSRF_REFUSED");
}

/** Programs send no Origin; browsers do with everything that may change something. */
export function isSameOrigin({ origin, host }: { origin?: string | undefined; host?: string | undefined }): boolean {
  if (origin === undefined) return true;
  return URL.canParse(origin) && new URL(origin).host === host?.toLowerCase().replace(/:(80|443)$/, "");
}
