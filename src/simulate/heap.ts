/** A queue of numbered members by time; equal times by number, so that the order is total. */
export class TimeHeap {
  private readonly members: Int32Array;
  private readonly times: Float64Array;

  /** @param times when each member is due; kept, and read again whenever the first member changes. */
  constructor(times: Float64Array) {
    this.times = times;
    this.members = Int32Array.from(times.keys());
    for (let i = (times.length >> 1) - 1; i >= 0; i--) this.sink(i);
  }

  first(): number {
    return this.members[0]!; // hot loop
  }

  /** Puts the first member where its changed time belongs. */
  firstChanged(): void {
    this.sink(0);
  }

  private sink(from: number): void {
    const { members, times } = this;
    const member = members[from]!;
    const time = times[member]!;
    let at = from;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= members.length) break;
      if (child + 1 < members.length && this.before(members[child + 1]!, members[child]!)) child++;
      const other = members[child]!;
      const otherTime = times[other]!;
      if (otherTime > time || (otherTime === time && other > member)) break;
      members[at] = other;
      at = child;
    }
    members[at] = member;
  }

  private before(a: number, b: number): boolean {
    const difference = this.times[a]! - this.times[b]!;
    return difference < 0 || (difference === 0 && a < b);
  }
}
