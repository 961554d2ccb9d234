import type { FastifyReply, FastifyRequest } from "fastify";
import { isDirectLoopback } from "./remote.js";

export const SESSION_COOKIE = "refrain_session";

/** The value of a cookie; null where the browser sent none. Ours hold no character that would have to be quoted. */
export function cookieOf({ headers }: FastifyRequest, name: string): string | null {
  for (const part of (headers.cookie ?? "").split(";")) {
    const at = part.indexOf("=");
    if (at > 0 && part.slice(0, at).trim() === name) return part.slice(at + 1).trim() || null;
  }
  return null;
}

/** Gives the browser the token of a login, or takes it away (`maxAgeSeconds` 0). No script can read it, no other site send it. */
export function setSessionCookie(
  { request, reply }: { readonly request: FastifyRequest; readonly reply: FastifyReply },
  token: string,
  maxAgeSeconds: number,
): void {
  const attributes = ["Path=/", "HttpOnly", "SameSite=Strict", `Max-Age=${Math.max(0, Math.floor(maxAgeSeconds))}`];
  // Anything but this machine itself is reached over https, or not at all.
  if (!isDirectLoopback(request)) attributes.push("Secure");
  reply.header("set-cookie", `${SESSION_COOKIE}=${token}; ${attributes.join("; ")}`);
}
