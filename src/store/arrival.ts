// hot loop
import type { EventBatch } from "./event-batch.js";

/** Rows of one moment that are compared with each other before it is held possible that two are the same. */
const SAME_TS_MAX = 256;

/** What of a row's tuples is part of its key. */
export interface TupleKeys {
  /** The code of the user id as received. */
  userOf(profile: number): number;
  pageOf(request: number): number;
}

/**
 * Watches rows arrive, to spare a log that is in order and repeats nothing, as most are, from being sorted and compared. It may
 * err on the side of doubt only.
 */
export class Arrival {
  isOrderedAndDistinct = true;
  private readonly keys: TupleKeys;
  private lastTs = Number.NEGATIVE_INFINITY;
  private lastOrd = -1;
  /** Of the rows at `lastTs`. */
  private readonly sessions = new Float64Array(SAME_TS_MAX);
  private readonly items = new Int32Array(SAME_TS_MAX);
  private readonly profiles = new Int32Array(SAME_TS_MAX);
  private readonly requests = new Int32Array(SAME_TS_MAX);
  private same = 0;

  constructor(keys: TupleKeys) {
    this.keys = keys;
  }

  /** @param batch whose `line` already numbers its rows over all parts */
  add(batch: EventBatch): void {
    const { rows, tsMs, line } = batch;
    for (let i = 0; i < rows && this.isOrderedAndDistinct; i++) {
      const ts = tsMs[i]!;
      if (ts < this.lastTs || line[i]! <= this.lastOrd) this.isOrderedAndDistinct = false;
      if (ts !== this.lastTs) this.same = 0;
      this.lastTs = ts;
      this.lastOrd = line[i]!;
      if (this.same === SAME_TS_MAX || this.isKnown(batch, i)) this.isOrderedAndDistinct = false;
      else this.keep(batch, i);
    }
  }

  private isKnown({ sessionId, item, profile, request }: EventBatch, i: number): boolean {
    for (let j = 0; j < this.same; j++) {
      if (this.sessions[j] !== sessionId[i] || this.items[j] !== item[i]) continue;
      const { keys, profiles, requests } = this;
      if (keys.userOf(profiles[j]!) !== keys.userOf(profile[i]!)) continue;
      if (keys.pageOf(requests[j]!) === keys.pageOf(request[i]!)) return true;
    }
    return false;
  }

  private keep({ sessionId, item, profile, request }: EventBatch, i: number): void {
    const at = this.same++;
    this.sessions[at] = sessionId[i]!;
    this.items[at] = item[i]!;
    this.profiles[at] = profile[i]!;
    this.requests[at] = request[i]!;
  }
}
