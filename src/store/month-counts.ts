// hot loop
import { MS_PER_DAY } from "../base/time.js";
import type { EventBatch } from "./event-batch.js";

/** How many staged rows there are in each calendar month, UTC. */
export class MonthCounts {
  private readonly counts = new Map<number, number>();
  private day = Number.NaN;
  private month = 0;

  add({ rows, tsMs }: EventBatch): void {
    for (let i = 0; i < rows; i++) {
      const day = Math.floor(tsMs[i]! / MS_PER_DAY);
      if (day !== this.day) {
        const date = new Date(day * MS_PER_DAY);
        this.day = day;
        this.month = date.getUTCFullYear() * 12 + date.getUTCMonth();
      }
      this.counts.set(this.month, (this.counts.get(this.month) ?? 0) + 1);
    }
  }

  get rows(): number {
    return [...this.counts.values()].reduce((sum, rows) => sum + rows, 0);
  }

  /** The parts, of at most so many rows, of files that hold a month each. */
  groupsOf(groupRows: number): number {
    return [...this.counts.values()].reduce((sum, rows) => sum + Math.ceil(rows / groupRows), 0);
  }
}
