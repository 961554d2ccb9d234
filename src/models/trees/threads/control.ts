/** Numbers in shared memory by which threads agree on who does what. */
export type Control = Int32Array<SharedArrayBuffer>;

/** Places in it. */
export const SLOT = {
  /** Rises when there is work; threads without any sleep on it. */
  bell: 0,
  /** Jobs of the round that nobody has claimed yet. */
  left: 1,
  /** Jobs of the round that other threads than the asking one have done. */
  done: 2,
  /** Which kind of jobs they are, and the round's argument. */
  kind: 3,
  argument: 4,
  /** How many preparations have been sent. */
  preparations: 5,
  /** Threads that sleep until the bell, and whether the asking one sleeps until a job is done. */
  sleeping: 6,
  waiting: 7,
  count: 8,
} as const;

/**
 * Takes a job of the round: its number, or −1 when there is none left. Whoever has one may read the round's kind and argument: they
 * stay until it is done.
 */
export function claimJob(control: Control): number {
  for (let left = Atomics.load(control, SLOT.left); left > 0; ) {
    const seen = Atomics.compareExchange(control, SLOT.left, left, left - 1);
    if (seen === left) return left - 1;
    left = seen;
  }
  return -1;
}

export function ringBell(control: Control): void {
  Atomics.add(control, SLOT.bell, 1);
  if (Atomics.load(control, SLOT.sleeping) > 0) Atomics.notify(control, SLOT.bell);
}

export function sayDone(control: Control): void {
  Atomics.add(control, SLOT.done, 1);
  if (Atomics.load(control, SLOT.waiting) > 0) Atomics.notify(control, SLOT.done);
}

/** Sleeps until the bell is not what it was. */
export function awaitBell(control: Control, bell: number): void {
  sleepUntilChanged(control, { slot: SLOT.bell, value: bell, sleepers: SLOT.sleeping });
}

/** Sleeps until more jobs are done than were. */
export function awaitDone(control: Control, done: number): void {
  sleepUntilChanged(control, { slot: SLOT.done, value: done, sleepers: SLOT.waiting });
}

/** About a millisecond: what lies between two rounds. Falling asleep and being woken take longer than most rounds. */
const SPINS = 100_000;

/** Whoever changes the number does so before looking for sleepers, and sleepers say so before they look at the number: none is missed. */
function sleepUntilChanged(
  control: Control,
  { slot, value, sleepers }: { readonly slot: number; readonly value: number; readonly sleepers: number },
): void {
  for (let spin = 0; spin < SPINS; spin++) if (Atomics.load(control, slot) !== value) return;
  Atomics.add(control, sleepers, 1);
  Atomics.wait(control, slot, value);
  Atomics.sub(control, sleepers, 1);
}
