import { setTimeout } from "node:timers/promises";
import { RefrainError } from "../../base/errors.js";
import type { World } from "../../base/world.js";
import { type LineCounts, type LinePortion, type LineSink, NO_LINES, sumOf } from "./line-sink.js";

const REST_MS = 500;
const WAIT_MS = 1_000;
const WAIT_MS_MAX = 5_000;

interface Counts {
  readonly lines: number;
  readonly accepted: number;
  readonly duplicates: number;
  readonly rejected_lines: number;
  readonly reasons: Record<string, number>;
}

/** The answer to an upload, or a problem; `progress` in one that broke off. */
interface Answer extends Partial<Counts> {
  readonly code?: string;
  readonly detail?: string;
  readonly progress?: Counts;
}

/** Where a service answers, and the key of a writer; null asks without one. */
export interface Endpoint {
  readonly address: string;
  readonly key: string | null;
}

interface ServiceSinkOptions {
  readonly name: string;
  /** Asked anew each time; null is a service that does not run now. */
  readonly endpoint: () => Endpoint | null;
  /** How long it waits for a service that is away. */
  readonly patienceMs: number;
}

/** Sends lines to a running service. While it is away or busy they wait. */
export class ServiceSink implements LineSink {
  readonly name: string;
  readonly restMs = REST_MS;
  readonly #endpoint: ServiceSinkOptions["endpoint"];
  readonly #patienceMs: number;
  readonly #world: World;

  constructor({ name, endpoint, patienceMs }: ServiceSinkOptions, world: World) {
    this.name = name;
    this.#endpoint = endpoint;
    this.#patienceMs = patienceMs;
    this.#world = world;
  }

  /** Throws `SERVICE_REFUSED`, `SERVICE_AWAY`, and `INTERRUPTED` where the command is stopped while it waits. */
  async take({ bytes }: LinePortion): Promise<LineCounts> {
    const begun = this.#world.now();
    let kept = NO_LINES;
    for (let waitMs = WAIT_MS; ; waitMs = Math.min(2 * waitMs, WAIT_MS_MAX)) {
      const sent = await this.#send(bytes);
      if (sent.counts !== null) return again(sent.counts, kept);
      if (sent.progress !== null) kept = again(sent.progress, kept);
      const { reason } = sent;
      const url = this.name;
      if (!sent.isAway) throw new RefrainError("SERVICE_REFUSED", { url, reason });
      if (this.#world.now() - begun > this.#patienceMs) throw new RefrainError("SERVICE_AWAY", { url, reason });
      this.#world.log.info(`${url} is away (${reason}): waiting`);
      await this.#wait(Math.max(waitMs, sent.retryMs));
    }
  }

  async #wait(ms: number): Promise<void> {
    const until = this.#world.now() + ms;
    while (this.#world.now() < until) {
      if (this.#world.signal.aborted) throw new RefrainError("INTERRUPTED");
      await setTimeout(200);
    }
  }

  async #send(body: Buffer): Promise<Sent> {
    const endpoint = this.#endpoint();
    if (endpoint === null) return { ...LOST, reason: "it does not run" };
    const { address, key } = endpoint;
    const headers = {
      "content-type": "application/x-ndjson",
      ...(key === null ? {} : { authorization: `Bearer ${key}` }),
    };
    try {
      const url = new URL("update_user_events", address.endsWith("/") ? address : `${address}/`);
      const answer = await fetch(url, { method: "POST", headers, body: new Uint8Array(body) });
      const said = (await answer.json().catch(() => ({}))) as Answer;
      const isAway = [408, 429, 502, 503, 504].includes(answer.status);
      const retryMs = 1_000 * (Number(answer.headers.get("retry-after")) || 0);
      // It becomes part of a sentence.
      const reason = `${answer.status} ${said.code ?? ""} ${said.detail ?? ""}`.trim().replace(/\.$/, "");
      return { counts: countsOf(said), progress: countsOf(said.progress ?? {}), isAway, retryMs, reason };
    } catch (error) {
      const { cause, message } = error as Error;
      const reason = cause instanceof Error ? cause.message : message;
      return { ...LOST, reason };
    }
  }
}

interface Sent {
  /** Null where not everything was taken, */
  readonly counts: LineCounts | null;
  /** then perhaps some. */
  readonly progress: LineCounts | null;
  readonly isAway: boolean;
  readonly retryMs: number;
  readonly reason: string;
}

const LOST = { counts: null, progress: null, isAway: true, retryMs: 0 } as const;

function countsOf({ lines, accepted, duplicates, rejected_lines, reasons }: Partial<Counts>): LineCounts | null {
  if (lines === undefined || accepted === undefined || duplicates === undefined) return null;
  return { lines, accepted, duplicates, quarantined: rejected_lines ?? 0, reasons: reasons ?? {} };
}

/** What was accepted in a try that broke off is a duplicate in the next. */
function again(counts: LineCounts, kept: LineCounts): LineCounts {
  const known = Math.min(kept.accepted, counts.duplicates);
  return sumOf(NO_LINES, {
    ...counts,
    accepted: counts.accepted + known,
    duplicates: counts.duplicates - known,
  });
}
