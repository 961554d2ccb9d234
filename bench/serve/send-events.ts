import { Agent, request } from "node:http";
import { performance } from "node:perf_hooks";
import type { Running } from "./processes.js";

/** What became of events sent to `/update_user_events`. */
export interface Sent {
  /** Events acknowledged, a second. */
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Answers that were not 200. */
  readonly refused: number;
}

/** Sends batches in their order, so many under way at a time. */
export async function sendEvents(
  { url, key }: Running & { key: string },
  batches: readonly (readonly string[])[],
  connections: number,
): Promise<Sent> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const bodies = batches.map((batch) => Buffer.from(`[${batch.join(",")}]`));
  const latencies: number[] = [];
  let refused = 0;
  let acknowledged = 0;
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < bodies.length) {
      const at = next++;
      const began = performance.now();
      const status = await post(`${url}/update_user_events`, bodies[at] ?? Buffer.alloc(0), { key, agent });
      latencies.push(performance.now() - began);
      if (status === 200) acknowledged += batches[at]?.length ?? 0;
      else refused++;
    }
  };
  const began = performance.now();
  await Promise.all(Array.from({ length: connections }, lane));
  const seconds = (performance.now() - began) / 1000;
  agent.destroy();
  latencies.sort((a, b) => a - b);
  const quantile = (share: number): number => latencies[Math.floor(share * (latencies.length - 1))] ?? Number.NaN;
  return { perSecond: acknowledged / seconds, p50Ms: quantile(0.5), p99Ms: quantile(0.99), refused };
}

function post(url: string, body: Buffer, { key, agent }: { key: string; agent: Agent }): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = {
      authorization: `Bearer ${key}`,
      "content-type": "application/json",
      "content-length": body.length,
    };
    const asked = request(url, { method: "POST", agent, headers }, (answer) => {
      answer.resume();
      answer.once("end", () => resolve(answer.statusCode ?? 0));
    });
    asked.once("error", reject);
    asked.end(body);
  });
}

/** Batches of one user each, as apps send them: what the user did within the next `window` events of the log. */
export function byUser(lines: readonly string[], window: number): string[][] {
  const batches: string[][] = [];
  for (let from = 0; from < lines.length; from += window) {
    const users = new Map<string, string[]>();
    for (const line of lines.slice(from, from + window)) {
      const user = String((JSON.parse(line) as { userId?: unknown }).userId ?? "");
      const own = users.get(user);
      if (own === undefined) users.set(user, [line]);
      else own.push(line);
    }
    batches.push(...users.values());
  }
  return batches;
}

export function inBatches(lines: readonly string[], size: number): string[][] {
  return Array.from({ length: Math.ceil(lines.length / size) }, (_, i) => lines.slice(i * size, (i + 1) * size));
}
