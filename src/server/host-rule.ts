import { HttpProblemError } from "./http-problems.js";

/** `loopback`: the Host header must name this machine, so that no web page can reach us through its own DNS name. */
export type HostRule = "any" | "loopback";

const LOOPBACK_NAMES = new Set(["127.0.0.1", "localhost", "[::1]"]);
const SAFE_METHODS = new Set(["GET", "HEAD", "OPTIONS"]);
const HTTP_PORT = 80;

interface Asked {
  readonly method: string;
  readonly host: string | undefined;
  readonly origin: string | undefined;
}

/**
 * Refuses a Host that is not loopback (DNS rebinding), and a foreign Origin on whatever may change something.
 * `port` is where we listen; `null` while we do not (tests inject).
 */
export function checkLoopback({ method, host, origin }: Asked, port: number | null): void {
  const parts = /^(\[[0-9a-f:]+\]|[^:]+)(?::(\d{1,5}))?$/i.exec(host ?? "");
  const name = parts?.[1]?.toLowerCase();
  const asked = parts?.[2] === undefined ? HTTP_PORT : Number(parts[2]);
  if (name === undefined || !LOOPBACK_NAMES.has(name) || (port !== null && asked !== port)) {
    throw new HttpProblemError("HOST_REFUSED");
  }
  if (SAFE_METHODS.has(method) || origin === undefined) return;
  if (origin.toLowerCase() !== `http://${host}`.toLowerCase()) throw new HttpProblemError("ORIGIN_REFUSED");
}
