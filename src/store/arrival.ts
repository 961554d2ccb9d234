// hot loop
import type { EventBatch } from "./event-batch.js";

/** Rows of one moment that are compared with each other before it is held possible that two are the same. */
const SAME_TS_MAX = 16;

/**
 * Watches rows arrive, to spare a log that is in order and repeats nothing, as most are, from being sorted and compared. It may
 * err on the side of doubt only.
 */
export class Arrival {
  isOrderedAndDistinct = true;
  private lastTs = Number.NEGATIVE_INFINITY;
  private lastOrd = -1;
  /** Session and item of the rows at `lastTs`. */
  private readonly sessions = new Float64Array(SAME_TS_MAX);
  private readonly items = new Int32Array(SAME_TS_MAX);
  private same = 0;

  /** @param batch whose `line` already numbers its rows over all parts */
  add({ rows, tsMs, line, sessionId, item }: EventBatch): void {
    for (let i = 0; i < rows && this.isOrderedAndDistinct; i++) {
      const ts = tsMs[i]!;
      if (ts < this.lastTs || line[i]! <= this.lastOrd) this.isOrderedAndDistinct = false;
      if (ts !== this.lastTs) this.same = 0;
      this.lastTs = ts;
      this.lastOrd = line[i]!;
      for (let j = 0; j < this.same; j++) {
        if (this.sessions[j] === sessionId[i] && this.items[j] === item[i]) this.isOrderedAndDistinct = false;
      }
      if (this.same === SAME_TS_MAX) this.isOrderedAndDistinct = false;
      this.sessions[this.same] = sessionId[i]!;
      this.items[this.same++] = item[i]!;
    }
  }
}
