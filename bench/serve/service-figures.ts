import { type Running, residentMiB } from "./processes.js";
import { byUser, inBatches, type Sent, sendEvents } from "./send-events.js";
import { type Load, wrk } from "./wrk.js";

/** A figure beside what it should be; a target of null is printed for information. */
export interface Figure {
  readonly name: string;
  readonly value: string;
  readonly target: string | null;
  readonly holds: boolean | null;
}

const BATCH_USERS = 1_000;
const BATCH_MS_MAX = 50;
const BY_USER_MIN = 3_000;
const EVENTS_AT_ONCE = 500;
/** Enough that there is always a batch to be read while others are written; of more, batches come out of order and are folded again. */
const EVENT_CONNECTIONS = 4;
const USER_CONNECTIONS = 32;

type Refrain = Running & { readonly key: string };
type Given = { readonly folder: string; readonly seconds: number; readonly store: string };

export function spoken({ perSecond, p50Ms, p99Ms }: Pick<Load, "perSecond" | "p50Ms" | "p99Ms">): string {
  return `${Math.round(perSecond)}/s, p50 ${p50Ms.toFixed(1)} ms, p99 ${p99Ms.toFixed(1)} ms`;
}

function failuresOf({ not2xx, socketErrors }: Load): string {
  return not2xx + socketErrors === 0 ? "" : `; ${not2xx} answers not 2xx, ${socketErrors} socket errors`;
}

/** `POST /predict` with features: the figures that are set beside the peer's. */
export function features({ url, key }: Refrain, body: string, { folder, seconds }: Given): Promise<Load> {
  return wrk(`${url}/predict`, [body], { folder, seconds, key });
}

export async function scores(service: Refrain, users: readonly string[], given: Given): Promise<Figure[]> {
  const { folder, seconds, store } = given;
  const { url, key } = service;
  const bodies = users.map((user_id) => JSON.stringify({ user_id }));
  const one = await wrk(`${url}/predict`, bodies, { folder, seconds, key });
  const ids = Array.from({ length: BATCH_USERS }, (_, i) => users[i % users.length] ?? "");
  const many = await wrk(`${url}/batch_predict`, [JSON.stringify(ids)], { folder, seconds, key, connections: 1 });
  return [
    {
      name: `/predict by user_id, live state, reasons, stored; ${store}`,
      value: `${spoken(one)}${failuresOf(one)}`,
      target: `≥ ${BY_USER_MIN}/s`,
      holds: one.perSecond >= BY_USER_MIN && failuresOf(one) === "",
    },
    {
      name: `/batch_predict of ${BATCH_USERS} users; ${store}`,
      value: `p50 ${many.p50Ms.toFixed(1)} ms, p99 ${many.p99Ms.toFixed(1)} ms${failuresOf(many)}`,
      target: `p50 < ${BATCH_MS_MAX} ms`,
      holds: many.p50Ms < BATCH_MS_MAX && failuresOf(many) === "",
    },
  ];
}

/** @param least events a second that batches of 500 should reach */
export async function events(
  service: Refrain,
  lines: readonly string[],
  { store, least }: { store: string; least: number },
): Promise<Figure[]> {
  const [warm, most] = [Math.floor(lines.length / 4), Math.floor((lines.length * 3) / 4)];
  const before = residentMiB(service.pid);
  // As wrk's figures: after a warm-up, which is told too.
  const cold = await sendEvents(service, inBatches(lines.slice(0, warm), EVENTS_AT_ONCE), EVENT_CONNECTIONS);
  const large = await sendEvents(service, inBatches(lines.slice(warm, most), EVENTS_AT_ONCE), EVENT_CONNECTIONS);
  const small = await sendEvents(service, byUser(lines.slice(most, most + warm / 3), EVENTS_AT_ONCE), USER_CONNECTIONS);
  const memory = `${Math.round(before)} to ${Math.round(residentMiB(service.pid))} MiB`;
  const refused = ({ refused }: Sent): string => (refused === 0 ? "" : `; ${refused} answers not 200`);
  return [
    {
      name: `events in batches of ${EVENTS_AT_ONCE}, log order; ${store}`,
      value: `${spoken(large)}${refused(large)}`,
      target: `≥ ${least}/s`,
      holds: large.perSecond >= least && large.refused === 0,
    },
    {
      name: `events in batches of one user, ${USER_CONNECTIONS} connections; ${store}`,
      value: `${spoken(small)}${refused(small)}`,
      target: null,
      holds: null,
    },
    {
      name: `the first ${warm} events, while the engine still compiles; ${store}`,
      value: `${spoken(cold)}${refused(cold)}`,
      target: null,
      holds: null,
    },
    { name: `memory while they came; ${store}`, value: memory, target: null, holds: null },
  ];
}

/** Scores for so many minutes: the memory every half minute, in MiB. It is flat where the last half is no higher than the first. */
export async function memory(
  service: Refrain,
  users: readonly string[],
  { folder, minutes, store }: { folder: string; minutes: number; store: string },
): Promise<Figure> {
  const bodies = users.map((user_id) => JSON.stringify({ user_id }));
  const seen: number[] = [];
  for (let half = 0; half < 2 * minutes; half++) {
    await wrk(`${service.url}/predict`, bodies, { folder, seconds: 22, key: service.key });
    seen.push(Math.round(residentMiB(service.pid)));
  }
  const middle = Math.floor(seen.length / 2);
  const [first, last] = [Math.max(...seen.slice(0, middle)), Math.max(...seen.slice(middle))];
  return {
    name: `memory under /predict for ${minutes} min; ${store}`,
    value: `${seen.join(", ")} MiB`,
    target: "second half ≤ 1.1 × first",
    holds: last <= 1.1 * first,
  };
}
