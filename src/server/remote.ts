import type { FastifyRequest } from "fastify";

/** What a proxy adds when it passes a request on. */
const PASSED_ON = [
  "forwarded",
  "x-forwarded-for",
  "x-forwarded-host",
  "x-forwarded-proto",
  "x-real-ip",
  "via",
] as const;
const LOOPBACK_ADDRESS = /^(127\.\d+\.\d+\.\d+|::1|::ffff:127\.\d+\.\d+\.\d+)$/;
const LOOPBACK_HOST = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/i;

/**
 * Whether a request comes from this machine itself. A header can only say that it does not: one that a proxy passed on, or that
 * asks for another name, is from elsewhere. A proxy on this machine that says nothing of itself cannot be told apart.
 */
export function isDirectLoopback({ socket, headers }: Pick<FastifyRequest, "socket" | "headers">): boolean {
  if (!LOOPBACK_ADDRESS.test(socket.remoteAddress ?? "")) return false;
  return LOOPBACK_HOST.test(headers.host ?? "") && PASSED_ON.every((name) => headers[name] === undefined);
}

/** The network that a request comes from: an IPv4 address, or the 64 bits of IPv6 that one customer has. What headers claim is not believed. */
export function networkOf({ socket }: Pick<FastifyRequest, "socket">): string {
  const address = (socket.remoteAddress ?? "").replace(/^::ffff:(?=\d+\.)/, "");
  if (!address.includes(":")) return address;
  const [head = "", tail] = address.split("::");
  const left = head === "" ? [] : head.split(":");
  const right = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros = tail === undefined ? 0 : 8 - left.length - right.length;
  return [...left, ...Array.from({ length: zeros }, () => "0"), ...right].slice(0, 4).join(":");
}
