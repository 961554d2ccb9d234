import { type EventLoopUtilization, performance } from "node:perf_hooks";

/** From this share of the time on requests wait for what is done behind them. */
const BUSY_SHARE = 0.25;

/** How busy the event loop of this thread is. */
export class LoopLoad {
  #since: EventLoopUtilization = performance.eventLoopUtilization();

  /** Whether it was, since this was last asked. */
  wasBusy(): boolean {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, this.#since);
    this.#since = now;
    return utilization > BUSY_SHARE;
  }
}
