import { POPULATIONS } from "./populations.js";
import { walksAt } from "./scenario.js";
import type { Setting } from "./setting.js";
import { STATES } from "./states.js";
import { END } from "./transitions.js";

const ROW = STATES.length + 1;

/**
 * What a perfect observer of the rows, who knows the law of the world, believes about each listener's population and
 * mood: logarithms of P(rows so far, mood now | population), a forward filter (Rabiner 1989). Four running sums a
 * listener where there are no moods.
 */
export class WalkBelief {
  private readonly logs: Float64Array;
  private readonly moods: number;
  private readonly width: number;
  private readonly setting: Setting;

  constructor(listeners: number, setting: Setting) {
    this.setting = setting;
    this.moods = setting.moods.count;
    this.width = POPULATIONS.length * this.moods;
    this.logs = new Float64Array(listeners * this.width);
    for (let i = 0; i < this.logs.length; i++) this.logs[i] = Math.log(setting.moods.shares[i % this.moods] as number);
  }

  /** Sees a listener go from a state, left at `leftAt`, to another, or to `END`. */
  step(listener: number, from: number, to: number, leftAt: number): void {
    const byPopulation = walksAt(this.setting.book, leftAt);
    let i = listener * this.width;
    for (const walks of byPopulation) {
      // Hot loop.
      for (const walk of walks) this.logs[i++]! += walk.logProbability[from * ROW + to]!;
    }
  }

  /** Sees a session begin: the mood may have changed. */
  begin(listener: number): void {
    const { moods } = this;
    if (moods === 1) return;
    const { change } = this.setting.moods;
    for (let at = listener * this.width; at < (listener + 1) * this.width; at += moods) {
      const before = this.logs.slice(at, at + moods);
      const top = Math.max(...before);
      if (top === Number.NEGATIVE_INFINITY) continue; // a population that cannot have walked so
      for (let to = 0; to < moods; to++) {
        let sum = 0;
        before.forEach((log, from) => {
          sum += Math.exp(log - top) * (change[from * moods + to] as number);
        });
        this.logs[at + to] = top + Math.log(sum);
      }
    }
  }

  /** P(population, mood | rows), population-major; the end of an idle session counts as seen. */
  posterior(listener: number, idleIn: { state: number; leftAt: number } | null): Float64Array {
    const saved = this.logs.slice(listener * this.width, (listener + 1) * this.width);
    if (idleIn !== null) this.step(listener, idleIn.state, END, idleIn.leftAt);
    const now = this.logs.slice(listener * this.width, (listener + 1) * this.width);
    this.logs.set(saved, listener * this.width);
    const prior = now.map((log, i) => log + Math.log(POPULATIONS[Math.floor(i / this.moods)]?.weight as number));
    return normalised(prior);
  }
}

/** Shares proportional to the exponentials. */
export function normalised(logs: Float64Array): Float64Array {
  const top = Math.max(...logs);
  const shares = logs.map((log) => Math.exp(log - top));
  const sum = shares.reduce((total, share) => total + share, 0);
  return shares.map((share) => share / sum);
}
