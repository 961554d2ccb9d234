/** Enough for threads that read neighbouring ranges, and few enough to hold. */
const HELD_MAX = 48;

/**
 * Hands on portions in the order of their parts, as far as holding a few back allows: a log that is in the order of time then
 * arrives in it, though several threads read it. What cannot be held goes on out of turn.
 *
 * The portions of one sender are handed on in the order they came: each relies on the words of those before.
 */
export class InTurn<T extends { readonly sender: number }> {
  private readonly handOn: (part: number, portion: T) => void;
  private readonly held: { readonly part: number; readonly portion: T }[] = [];
  private readonly ended = new Set<number>();
  private current = 0;

  constructor(handOn: (part: number, portion: T) => void) {
    this.handOn = handOn;
  }

  take(part: number, portion: T): void {
    this.held.push({ part, portion });
    this.release();
    while (this.held.length > HELD_MAX) this.pass(0);
  }

  done(part: number): void {
    this.ended.add(part);
    while (this.ended.delete(this.current)) {
      this.current++;
      this.release();
    }
  }

  private release(): void {
    for (let i = 0; i < this.held.length; ) {
      const next = this.held[i] as { readonly part: number; readonly portion: T };
      const isHeldUp = this.held.slice(0, i).some(({ portion }) => portion.sender === next.portion.sender);
      if (next.part <= this.current && !isHeldUp) this.pass(i);
      else i++;
    }
  }

  private pass(at: number): void {
    for (const { part, portion } of this.held.splice(at, 1)) this.handOn(part, portion);
  }
}
