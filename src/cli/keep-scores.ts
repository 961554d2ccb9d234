import type { LiveService } from "../pipeline/live/service.js";
import { LoopLoad } from "./loop-load.js";
import type { Upkeep } from "./upkeep.js";

/** How soon all are scored by a model that has taken another's place. */
const RESCORE_MS = 2_000;
const REFRESH_MS = 500;
/** Users scored at a time: 10 ms of work for who has nothing else to do, 1 ms beside requests. */
const USERS_AT_ONCE = { idle: 100, busy: 10 } as const;
/** Between two times while there is nothing else to do; it keeps this work from looking like a load. */
const IDLE_PAUSE_MS = 60;
/** Between portions of all users while requests come: they are scored in the end, however many come. */
const BUSY_PAUSE_MS = 500;

/** Scores follow events and models, behind the requests: under load a few users at a time, and all of them when it is over. */
export function keepScores(upkeep: Upkeep, service: LiveService): void {
  let scoredBy: string | null | undefined;
  const loads = { all: new LoopLoad(), changed: new LoopLoad() };
  upkeep.every(RESCORE_MS, "scoring everybody", async () => {
    const version = service.model?.version ?? null;
    if (version === scoredBy) return;
    const isDone = await service.scores.rescore(() =>
      upkeep.pause(loads.all.wasBusy() ? BUSY_PAUSE_MS : IDLE_PAUSE_MS),
    );
    if (isDone) scoredBy = version;
  });
  upkeep.every(REFRESH_MS, "scoring who changed", async () => {
    for (let goesOn = true; goesOn; ) {
      const most = loads.changed.wasBusy() ? USERS_AT_ONCE.busy : USERS_AT_ONCE.idle;
      const isAll = (await service.scores.refresh(most)) < most;
      goesOn = !isAll && most === USERS_AT_ONCE.idle && (await upkeep.pause(IDLE_PAUSE_MS));
    }
  });
}
