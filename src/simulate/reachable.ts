import { type Instant, MS_PER_DAY, MS_PER_HOUR } from "../base/time.js";
import { HORIZON, type Horizon } from "../labels/label.js";
import { SESSION_GAP_MS } from "./arrival.js";
import { WalkBelief } from "./belief.js";
import type { Listener } from "./listener.js";
import { chainBook, type Survival, survivalAfter, survivalTable } from "./outlook.js";
import { pacePosterior } from "./pace.js";
import type { Photo } from "./reach-figures.js";
import { NAMED } from "./rows.js";
import { chainState } from "./session-chain.js";
import { STANDINGS } from "./session-matrix.js";
import type { Setting } from "./setting.js";
import { STATES } from "./states.js";
import { END } from "./transitions.js";

/** Who is scored at a cutoff, and what counts as churn: the defaults of `point-in-time`. */
export interface ReachRule {
  readonly horizon: Horizon;
  readonly minHistoryDays: number;
  readonly activeWithinDays: number;
}

export const REACH_RULE: ReachRule = { horizon: HORIZON, minHistoryDays: 7, activeWithinDays: 28 };

/** After this long without a row a session is known to be over. */
const IDLE_MS = MS_PER_HOUR;

/** Follows the rows of all listeners and scores them at cutoffs as nobody could better. */
export class Reach {
  /** Everybody at risk at each cutoff, scored. */
  readonly photos: Photo[] = [];
  private readonly belief: WalkBelief;
  private readonly chains;
  private readonly firstNamed: Float64Array;
  private readonly lastNamed: Float64Array;
  private readonly lastAt: Float64Array;
  private readonly lastState: Int16Array;
  private readonly lastMood: Uint8Array;
  private readonly gaps: Int32Array;
  private readonly feltMs: Float64Array;
  private readonly listeners: readonly Listener[];
  private readonly setting: Setting;
  private readonly rule: ReachRule;

  constructor(listeners: readonly Listener[], setting: Setting, rule: ReachRule = REACH_RULE) {
    const n = listeners.length;
    this.listeners = listeners;
    this.setting = setting;
    this.rule = rule;
    this.belief = new WalkBelief(n, setting);
    this.chains = chainBook(setting);
    this.firstNamed = new Float64Array(n).fill(Number.POSITIVE_INFINITY);
    this.lastNamed = new Float64Array(n).fill(Number.NEGATIVE_INFINITY);
    this.lastAt = new Float64Array(n).fill(Number.NaN);
    this.lastState = new Int16Array(n);
    this.lastMood = new Uint8Array(n);
    this.gaps = new Int32Array(n);
    this.feltMs = new Float64Array(n);
  }

  /** Sees the next row of a listener, before he advances. */
  row(i: number): void {
    const { at, state, from, item, mood } = this.listeners[i]!; // hot loop
    if (this.setting.calendarHazard === 0) {
      if (from >= 0) this.belief.step(i, from, state, this.lastAt[i]!);
      else if (item === 0) this.sessionBegins(i, at);
    }
    if (NAMED[state]!) {
      if (this.firstNamed[i]! > at) this.firstNamed[i] = at;
      this.lastNamed[i] = at;
    }
    this.lastAt[i] = at;
    this.lastState[i] = state;
    this.lastMood[i] = mood;
  }

  private sessionBegins(i: number, at: number): void {
    const last = this.lastAt[i] as number;
    if (!Number.isNaN(last)) this.belief.step(i, this.lastState[i] as number, END, last);
    this.belief.begin(i);
    if (Number.isNaN(last) && this.listeners[i]?.arrivedAt !== null) return;
    this.gaps[i] = (this.gaps[i] as number) + 1;
    this.feltMs[i] = (this.feltMs[i] as number) + this.openGap(i, at);
  }

  /** What has passed of the gap since a listener's last session, or since the log began. */
  private openGap(i: number, at: number): number {
    const { arrivals, start } = this.setting;
    const last = this.lastAt[i] as number;
    const since = Number.isNaN(last) ? start : last + SESSION_GAP_MS;
    return Math.max(0, arrivals.felt(at) - arrivals.felt(since));
  }

  /** Scores everybody at risk at a cutoff; every earlier row has been seen, none that is later. */
  photograph(cutoff: Instant): void {
    const at = { cutoff, horizon: this.rule.horizon };
    const table = this.setting.calendarHazard === 0 ? survivalTable(at, this.chains, this.setting) : null;
    const byCalendar = 1 - Math.exp(-this.setting.calendarHazard * this.rule.horizon.horizonDays);
    this.listeners.forEach((listener, i) => {
      if (!this.atRisk(i, cutoff)) return;
      if (table === null) this.photos.push({ listener: i, cutoff, oracle: byCalendar, attainable: byCalendar });
      else {
        const { population, betaMs } = listener;
        const own = survivalAfter(at, { population, betaMs }, this.chains, this.setting);
        const state = chainState(this.standing(i), this.lastMood[i] as number, this.setting.moods);
        const oracle = 1 - (own.horizon[state] as number) / (own.gap[state] as number);
        this.photos.push({ listener: i, cutoff, oracle, attainable: this.attainable(i, cutoff, table) });
      }
    });
  }

  private standing(i: number): number {
    return (STANDINGS as readonly string[]).indexOf(STATES[this.lastState[i] as number]?.standing ?? "");
  }

  private atRisk(i: number, cutoff: Instant): boolean {
    const { minHistoryDays, activeWithinDays } = this.rule;
    return (
      STATES[this.lastState[i] as number]?.auth !== "Cancelled" &&
      (this.firstNamed[i] as number) <= cutoff - minHistoryDays * MS_PER_DAY &&
      (this.lastNamed[i] as number) > cutoff - activeWithinDays * MS_PER_DAY
    );
  }

  /** P(cancels in the horizon | not in the gap, all rows so far), over populations, moods and paces. */
  private attainable(i: number, cutoff: Instant, table: readonly (readonly Survival[])[]): number {
    const leftAt = this.lastAt[i] as number;
    const idle = cutoff - leftAt > IDLE_MS ? { state: this.lastState[i] as number, leftAt } : null;
    const { moods } = this.setting;
    const who = this.belief.posterior(i, idle);
    const pace = pacePosterior(this.gaps[i] as number, (this.feltMs[i] as number) + this.openGap(i, cutoff));
    const standing = this.standing(i);
    let gap = 0;
    let horizon = 0;
    who.forEach((share, w) => {
      const state = chainState(standing, w % moods.count, moods);
      table[Math.floor(w / moods.count)]?.forEach((survival, p) => {
        const weight = share * (pace[p] as number);
        gap += weight * (survival.gap[state] as number);
        horizon += weight * (survival.horizon[state] as number);
      });
    });
    return 1 - horizon / gap;
  }
}
