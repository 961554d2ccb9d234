import { ERRORS, type ErrorCode, RefrainError } from "../base/errors.js";
import type { RunningService } from "../store/live-lock.js";

interface Asked {
  readonly method: "GET" | "POST" | "DELETE";
  readonly path: string;
  readonly body?: unknown;
}

/** What the service answers on errors (RFC 9457), as far as we read it. */
interface Problem {
  readonly code?: string;
  readonly detail?: string;
  readonly hint?: string;
}

/**
 * Asks the service that has the live store open, from its own machine. Throws the error that the service answers with,
 * `SERVICE_FAILED` where it is none of the command line's, and `STORE_UNAVAILABLE` where it does not answer.
 */
export async function askService<T>({ address, token }: RunningService, { method, path, body }: Asked): Promise<T> {
  const headers = {
    authorization: `Bearer ${token}`,
    ...(body === undefined ? {} : { "content-type": "application/json" }),
  };
  const sent = body === undefined ? {} : { body: JSON.stringify(body) };
  const answer = await fetch(`${address}${path}`, { method, headers, ...sent }).catch((cause: unknown) => {
    throw new RefrainError("STORE_UNAVAILABLE", { reason: `the service at ${address} does not answer` }, cause);
  });
  if (answer.ok) return (await answer.json()) as T;
  throw failureOf((await answer.json().catch(() => ({}))) as Problem, answer.status);
}

function failureOf({ code = "", detail: message = "", hint = "" }: Problem, status: number): RefrainError {
  if (!Object.hasOwn(ERRORS, code)) return new RefrainError("SERVICE_FAILED", { status });
  return RefrainError.told(code as ErrorCode, { message, hint });
}
