import type { z } from "zod";
import { RefrainError } from "../../base/errors.js";
import { type AnswerText, readAnswer } from "./answer-text.js";
import type { MlflowPlace } from "./place.js";

/** The part of `fetch` that is used. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

export interface Call<T> {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  /** Below `/api/2.0/mlflow/`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly answer: z.ZodType<T>;
}

/** How long an answer is waited for. */
interface Patience {
  readonly callMs: number;
  readonly uploadMs: number;
}

const PATIENCE: Patience = { callMs: 10_000, uploadMs: 120_000 };
/** Of its own sources: what MLflow says when it knows nothing of that name, or knows it already. */
const UNKNOWN = "RESOURCE_DOES_NOT_EXIST";
const KNOWN = "RESOURCE_ALREADY_EXISTS";

/**
 * Speaks MLflow's REST API. What does not answer, in time or at all, or answers that it cannot now (5xx, 429), is MLFLOW_AWAY: it may
 * later. Whatever else is no answer of MLflow is MLFLOW_REFUSED: a refused key, a redirect (which is not followed: it would carry the
 * key to somebody else), a page of HTML.
 */
export class MlflowHttp {
  readonly place: MlflowPlace;
  readonly #fetch: Fetch;
  readonly #signal: AbortSignal | null;
  readonly #patience: Patience;

  /** @param signal when to give up for good */
  constructor(place: MlflowPlace, fetch: Fetch, signal: AbortSignal | null = null, patience: Patience = PATIENCE) {
    this.place = place;
    this.#fetch = fetch;
    this.#signal = signal;
    this.#patience = patience;
  }

  /** Throws `MLFLOW_AWAY`, `MLFLOW_REFUSED`. */
  async call<T>(call: Call<T>): Promise<T> {
    const answer = await this.#asked(call);
    return this.#parsed(call, answer);
  }

  /** The same; null where MLflow knows nothing of that name. */
  async callIfAny<T>(call: Call<T>): Promise<T | null> {
    const answer = await this.#asked(call, UNKNOWN);
    return answer === null ? null : this.#parsed(call, answer);
  }

  /** The same; null where MLflow has something of that name already. */
  async callUnlessKnown<T>(call: Call<T>): Promise<T | null> {
    const answer = await this.#asked(call, KNOWN);
    return answer === null ? null : this.#parsed(call, answer);
  }

  /** Puts a file through the server to where it keeps artifacts; the same again replaces it. */
  async put(path: string, content: string | Uint8Array): Promise<void> {
    const safe = path.split("/").map(encodeURIComponent).join("/");
    const body = typeof content === "string" ? content : new Uint8Array(content);
    const headers = { "content-type": "application/octet-stream" };
    const asked = { method: "PUT", headers, body, timeoutMs: this.#patience.uploadMs };
    const { status, said } = await this.#send(`/api/2.0/mlflow-artifacts/artifacts/${safe}`, asked);
    if (status !== 200) throw this.#refused(`PUT ${path.split("/").at(-1)}`, status, said);
  }

  async #asked({ method, path, query, body }: Omit<Call<unknown>, "answer">, expected?: string) {
    const search = query === undefined ? "" : `?${new URLSearchParams(query)}`;
    const headers = body === undefined ? {} : { "content-type": "application/json" };
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    const asked = { method, headers, ...sent, timeoutMs: this.#patience.callMs };
    const answer = await this.#send(`/api/2.0/mlflow/${path}${search}`, asked);
    if (answer.status === 200) return answer;
    if (expected !== undefined && codeOf(answer.said) === expected) return null;
    throw this.#refused(`${method} ${path}`, answer.status, answer.said);
  }

  #parsed<T>({ method, path, answer }: Call<T>, given: AnswerText | null): T {
    const parsed = answer.safeParse(given?.said);
    if (parsed.success) return parsed.data;
    throw this.#error("MLFLOW_REFUSED", `it does not answer ${method} ${path} as an MLflow server does`);
  }

  async #send(path: string, { timeoutMs, ...init }: RequestInit & { readonly timeoutMs: number }): Promise<AnswerText> {
    const authorization = this.place.authorization();
    const headers = { ...(init.headers as object), ...(authorization === null ? {} : { authorization }) };
    const timeout = AbortSignal.timeout(timeoutMs);
    const signal = this.#signal === null ? timeout : AbortSignal.any([timeout, this.#signal]);
    let answer: AnswerText;
    try {
      const response = await this.#fetch(`${this.place.address}${path}`, {
        ...init,
        headers,
        signal,
        redirect: "manual",
      });
      answer = await readAnswer(response);
    } catch (error) {
      if (this.#signal?.aborted === true) throw this.#error("MLFLOW_AWAY", "it was not waited for any longer");
      const reason = timeout.aborted ? `it took longer than ${timeoutMs / 1000} s` : reasonOf(error);
      throw this.#error("MLFLOW_AWAY", reason);
    }
    const { status } = answer;
    if (status >= 500 || status === 429) throw this.#error("MLFLOW_AWAY", `it answered ${status}`);
    return answer;
  }

  #refused(what: string, status: number, said: unknown): RefrainError {
    if (status >= 300 && status < 400)
      return this.#error("MLFLOW_REFUSED", `it sends us elsewhere (${status}), and we do not go`);
    if (status === 401 || status === 403) return this.#error("MLFLOW_REFUSED", `it does not let us in (${status})`);
    return this.#error("MLFLOW_REFUSED", `${what} was answered ${status} ${codeOf(said) ?? ""}`.trim());
  }

  #error(code: "MLFLOW_AWAY" | "MLFLOW_REFUSED", reason: string): RefrainError {
    return new RefrainError(code, { address: this.place.address, reason });
  }
}

function codeOf(said: unknown): string | null {
  const code = (said as { readonly error_code?: unknown } | null)?.error_code;
  return typeof code === "string" ? code.replace(/[^A-Z_]/g, "").slice(0, 60) : null;
}

/** As the system says it (ECONNREFUSED), and not what a stranger may have written. */
function reasonOf(error: unknown): string {
  const { cause } = error as { readonly cause?: { readonly code?: unknown } };
  return typeof cause?.code === "string" ? cause.code : "the connection broke off";
}
