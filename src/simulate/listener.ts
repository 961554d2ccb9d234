import type { Rng } from "../base/rng.js";
import { MS_PER_DAY } from "../base/time.js";
import { walksAt } from "./scenario.js";
import { openingState, type Setting } from "./setting.js";
import { STATES, stateIndex } from "./states.js";
import { END, step } from "./transitions.js";
import type { Standing } from "./walk.js";

const CANCEL_PAGES = ["Home", "Settings", "Cancel"] as const;
const NEVER = Number.POSITIVE_INFINITY;

/** How a listener begins. */
export interface Birth {
  readonly population: number;
  readonly standing: Standing;
  /** When a newcomer first arrives; `null` for who was there before the log. */
  readonly arrivedAt: number | null;
}

/** One listener, unfolding row by row: `state` and `at` are those of the next row. */
export class Listener {
  readonly population: number;
  readonly alphaMs: number;
  readonly betaMs: number;
  readonly arrivedAt: number | null;
  /** Time of the next row; infinite when there is none. */
  at: number;
  state: number;
  /** State of the row before in the session; −1 at its start, and at the log's. */
  from = -1;
  item = 0;
  mood: number;
  /** Index of the song that starts with the next row, if it is a NextSong. */
  song = 0;
  /** 0 until its first row in the log. */
  sessionId = 0;
  private songEnds = 0;
  private calendarCancel = NEVER;
  private script: number[] = [];
  private readonly rng: Rng;
  private readonly setting: Setting;

  constructor(birth: Birth, setting: Setting, rng: Rng) {
    this.rng = rng;
    this.setting = setting;
    this.population = birth.population;
    this.arrivedAt = birth.arrivedAt;
    this.alphaMs = 90_000 * skew(rng);
    this.betaMs = 7 * MS_PER_DAY * skew(rng);
    this.mood = pick(setting.moods.shares, 0, rng);
    this.state = STATES.findIndex((state) => state.standing === birth.standing);
    this.at = birth.arrivedAt ?? Math.floor((setting.start - this.betaMs) / 1000) * 1000;
    if (birth.arrivedAt === null) this.warmUp();
    else this.beginSession(birth.arrivedAt);
  }

  /** Unseen, from one mean gap before the log, as the generator does: who is in a session at the start stays in it. */
  private warmUp(): void {
    const { start, arrivals } = this.setting;
    this.registered(start);
    this.beginSession(arrivals.next(this.at, this.betaMs, this.rng));
    while (this.at < start) this.advance();
    this.from = -1;
  }

  /** Goes on to the next row: of this session, of the next, or to none after the cancellation. */
  advance(): void {
    const scripted = this.script.shift();
    if (scripted === undefined) this.walkOn();
    else this.goTo(scripted);
  }

  private walkOn(): void {
    const walk = walksAt(this.setting.book, this.at)[this.population]![this.mood]!; // hot loop
    const to = step(walk, this.state, this.rng.uniform());
    if (to !== END) this.goTo(to);
    else if (STATES[this.state]!.auth === "Cancelled") this.at = NEVER;
    else this.beginSession(this.setting.arrivals.next(this.at, this.betaMs, this.rng));
  }

  private goTo(to: number): void {
    const next = STATES[to]!; // hot loop
    const due = this.at + this.waitMs(next.redirect, next.song);
    if (due > this.calendarCancel) {
      this.cancelByCalendar();
      return;
    }
    if (next.song) this.startSong(due);
    if (next.auth === "Logged In" && STATES[this.state]!.auth === "Guest") this.registered(due);
    this.from = this.state;
    this.state = to;
    this.at = due;
    this.item++;
  }

  private waitMs(redirect: boolean, song: boolean): number {
    if (redirect) return 1000;
    if (song && this.songEnds > this.at) return this.songEnds - this.at;
    return Math.floor(this.rng.exponential(this.alphaMs) / 1000) * 1000;
  }

  private beginSession(at: number): void {
    if (at > this.calendarCancel) {
      this.cancelByCalendar();
      return;
    }
    this.open(at, openingState(this.setting, this.state, this.rng.uniform()));
    if (STATES[this.state]!.song) this.startSong(at);
  }

  private open(at: number, state: number): void {
    const { change, count } = this.setting.moods;
    if (count > 1) this.mood = pick(change, this.mood * count, this.rng);
    this.from = -1;
    this.item = 0;
    this.state = state;
    this.at = at;
    this.songEnds = 0;
  }

  private startSong(at: number): void {
    const { catalogue } = this.setting;
    this.song = catalogue.popularity.draw(this.rng);
    this.songEnds = at + Math.floor(catalogue.seconds[this.song]!) * 1000;
  }

  /** From here on the calendar counts, where it is what makes listeners cancel. */
  private registered(at: number): void {
    const { calendarHazard } = this.setting;
    if (calendarHazard === 0) return;
    this.calendarCancel = at + Math.floor((this.rng.exponential(1 / calendarHazard) * MS_PER_DAY) / 1000) * 1000;
  }

  /** Leaves whatever there was, and cancels in a session of its own. */
  private cancelByCalendar(): void {
    const { auth, level } = STATES[this.state]!;
    const script = CANCEL_PAGES.map((page) => stateIndex(`Logged In|${level}`, page));
    if (auth === "Logged Out") script.unshift(stateIndex(`Logged Out|${level}`, "Login"));
    script.push(stateIndex(`Cancelled|${level}`, "Cancellation Confirmation"));
    const at = this.calendarCancel;
    this.calendarCancel = NEVER;
    this.open(at, script.shift() as number);
    this.script = script;
  }
}

/** Lognormal with mean 1 and shape 1. */
function skew(rng: Rng): number {
  return Math.exp(rng.normal() - 0.5);
}

/** Draws from the probabilities that begin at `offset`. */
function pick(shares: readonly number[], offset: number, rng: Rng): number {
  let draw = rng.uniform();
  let i = 0;
  for (; offset + i < shares.length - 1; i++) {
    draw -= shares[offset + i] as number;
    if (draw < 0) return i;
  }
  return i;
}
