import { type Instant, MS_PER_DAY, MS_PER_HOUR } from "../base/time.js";
import { type Reachable, reachFigures } from "./reach-figures.js";
import { REACH_RULE, Reach } from "./reachable.js";
import type { Member } from "./roster.js";
import type { Setting } from "./setting.js";

/** Cutoffs to test on, from the times of the log's first and last row. */
export type TestCutoffs = (firstTs: number, lastTs: number) => readonly Instant[];

/** The log ends within this of its nominal end, or the figures say nothing. */
const LATEST_END_MS = 3 * MS_PER_DAY;

/**
 * Photographs everybody at the test cutoffs while the log unfolds. Which cutoffs are tested on depends on its last
 * row, so all that may be are photographed, and the rest are dropped in the end.
 */
export class Album {
  private readonly reach: Reach;
  private readonly testCutoffs: TestCutoffs;
  private readonly end: number;
  private pending: Instant[] = [];
  private firstTs = Number.NaN;
  private lastTs = Number.NaN;

  constructor(members: readonly Member[], setting: Setting, testCutoffs: TestCutoffs) {
    this.reach = new Reach(
      members.map((member) => member.listener),
      setting,
    );
    this.testCutoffs = testCutoffs;
    this.end = setting.end;
  }

  /** Sees the next row of a listener, before he advances; rows come in order of time. */
  row(listener: number, at: number): void {
    if (Number.isNaN(this.firstTs)) {
      this.firstTs = at;
      this.pending = this.candidates();
    }
    for (let due = this.pending[0]; due !== undefined && at > due; due = this.pending[0]) {
      this.reach.photograph(due);
      this.pending.shift();
    }
    this.reach.row(listener);
    this.lastTs = at;
  }

  private candidates(): Instant[] {
    const cutoffs = new Set<Instant>();
    for (let early = 0; early <= LATEST_END_MS; early += MS_PER_HOUR) {
      for (const cutoff of this.testCutoffs(this.firstTs, this.end - early)) cutoffs.add(cutoff);
    }
    return [...cutoffs].sort((a, b) => a - b);
  }

  figures(cancelledAt: Float64Array): Reachable {
    const { firstTs, lastTs } = this;
    const cutoffs = Number.isNaN(firstTs) ? [] : this.testCutoffs(firstTs, lastTs);
    return reachFigures(this.reach.photos, { cutoffs, horizon: REACH_RULE.horizon, lastTs }, cancelledAt);
  }
}
