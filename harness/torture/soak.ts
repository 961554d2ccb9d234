import { readFileSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { seededRng } from "#src/base/rng.js";
import { type ServicePlace, ServiceProcess } from "../service-process.js";
import type { SentEvent } from "./load.js";

export interface Soak {
  readonly place: ServicePlace;
  readonly log: readonly SentEvent[];
  readonly minutes: number;
  /** Between two requests of one asker, ms: how much of the machine it takes. */
  readonly restMs: number;
  readonly say: (text: string) => void;
}

export interface SoakFigures {
  /** Of the process: minutes since the start, resident MiB. */
  readonly samples: readonly (readonly [minutes: number, mib: number])[];
  /** MiB a minute, by least squares over what came after the first fifth. */
  readonly slope: number;
  readonly statuses: Readonly<Record<string, number>>;
  readonly events: number;
}

const SAMPLE_MS = 5_000;
const WARM_UP = 0.2;
const MS_PER_DAY = 86_400_000;

/**
 * Mixed load without an end: batches of events in log order (the log comes again and again, each time later and with other
 * sessions), scores and features of single users, scores of many. Samples the memory of the service's process.
 */
export async function soak({ place, log, minutes, restMs, say }: Soak): Promise<SoakFigures> {
  const service = new ServiceProcess(place);
  await service.start();
  const began = Date.now();
  const until = began + minutes * 60_000;
  const statuses: Record<string, number> = {};
  const rng = seededRng("soak");
  const users = [...new Set(log.map(({ userId }) => String(userId ?? "")))].filter((id) => id !== "");
  let events = 0;
  const ask = async (path: string, body?: unknown) => {
    const answer = await service.ask(path, body).catch(() => null);
    const status = `${path.replace(/\/users\/.*/, "/users")} ${answer?.status ?? "lost"}`;
    statuses[status] = (statuses[status] ?? 0) + 1;
    await setTimeout(restMs);
    return answer?.status === 200;
  };
  const anyone = () => users[rng.below(users.length)];
  const whileTime = async (work: () => Promise<unknown>) => {
    while (Date.now() < until) await work();
  };
  const endless = endlessLog(log);
  const samples: [number, number][] = [];
  try {
    await Promise.all([
      whileTime(async () => {
        const batch = Array.from({ length: 1 + rng.below(200) }, () => endless.next().value as SentEvent);
        if (await ask("/update_user_events", batch)) events += batch.length;
      }),
      whileTime(() => ask(`/users/${anyone()}`)),
      whileTime(() => ask("/predict", { user_id: anyone() })),
      whileTime(() => ask("/batch_predict", Array.from({ length: 50 }, anyone))),
      whileTime(async () => {
        await setTimeout(SAMPLE_MS);
        const sample: [number, number] = [(Date.now() - began) / 60_000, residentMib(service.pid)];
        samples.push(sample);
        if (samples.length % 6 === 0) say(`${sample[0].toFixed(1)} min: ${sample[1].toFixed(0)} MiB, ${events} events`);
      }),
    ]);
    return { samples, slope: slopeOf(samples.filter(([at]) => at > WARM_UP * minutes)), statuses, events };
  } finally {
    await service.end("SIGKILL");
  }
}

/** The log again and again, each time after the last, in sessions of its own. */
function* endlessLog(log: readonly SentEvent[]): Generator<SentEvent> {
  const times = log.map(({ ts }) => Number(ts));
  const sessions = Math.max(...log.map(({ sessionId }) => Number(sessionId))) + 1;
  const [first = 0, last = 0] = [Math.min(...times), Math.max(...times)];
  const span = Math.ceil((last - first) / MS_PER_DAY) * MS_PER_DAY;
  for (let pass = 0; ; pass++) {
    for (const event of log) {
      yield { ...event, ts: Number(event.ts) + pass * span, sessionId: Number(event.sessionId) + pass * sessions };
    }
  }
}

function residentMib(pid: number): number {
  const [, kib] = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return Number(kib) / 1024;
}

function slopeOf(points: readonly (readonly [number, number])[]): number {
  const mean = (of: 0 | 1) => points.reduce((sum, point) => sum + point[of], 0) / points.length;
  const [x, y] = [mean(0), mean(1)];
  const above = points.reduce((sum, [a, b]) => sum + (a - x) * (b - y), 0);
  return above / points.reduce((sum, [a]) => sum + (a - x) ** 2, 0);
}
