import type { Rng } from "../base/rng.js";
import { type Instant, MS_PER_DAY, MS_PER_HOUR, utcDay } from "../base/time.js";
import { isDayOff } from "./holidays.js";

/** How much of the arrivals a weekend or holiday turns away. */
const DAY_OFF_DAMPING = 0.5;
/** The damping ramps up and down linearly, this long before and after midnight. */
const RAMP_MS = 3 * MS_PER_HOUR;
/** Session starts are drawn towards 15 h UTC by up to this part of a day. */
const DAY_WARP = 0.09375;
const WARP_ZERO_MS = 3 * MS_PER_HOUR;
/** No session starts sooner than this after the last one's end. */
export const SESSION_GAP_MS = 1_800_000;

/** When sessions start: the arrival rule of the generator, with an optional season on top. */
export interface ArrivalLaw {
  /** The next start after `last` for a listener with mean gap `betaMs`; whole seconds. */
  next(last: number, betaMs: number, rng: Rng): number;
  /**
   * Time as arrivals feel it: the integral of the acceptance since the start, in ms. Between sessions arrivals are
   * close to a Poisson process of rate 1/beta on this clock.
   */
  felt(at: number): number;
}

/** @param seasons amplitude in [0, 1) of a weekly and annual wave on the rate; its mean stays 1. */
export function arrivalLaw(start: Instant, days: number, seasons: number): ArrivalLaw {
  const accept = (at: number) => (1 - DAY_OFF_DAMPING * dayOff(at)) * wave(at, seasons);
  const peak = 1 + seasons;
  const hours = days * 24 + 48;
  const sums = new Float64Array(hours + 1);
  for (let h = 0; h < hours; h++) {
    sums[h + 1] = (sums[h] as number) + MS_PER_HOUR * accept(start + (h + 0.5) * MS_PER_HOUR);
  }
  return {
    next(last, betaMs, rng) {
      let from = last;
      for (;;) {
        const proposed = from + SESSION_GAP_MS + Math.floor(rng.exponential(betaMs / peak / 1000)) * 1000;
        const at = proposed + warpMs(proposed);
        if (at < last) from += SESSION_GAP_MS;
        else if (rng.uniform() * peak < accept(at)) return at;
        else from = at;
      }
    },
    felt(at) {
      const h = Math.min(Math.max((at - start) / MS_PER_HOUR, 0), hours - 1);
      const whole = Math.floor(h);
      const low = sums[whole] as number;
      return low + (h - whole) * ((sums[whole + 1] as number) - low);
    },
  };
}

/** 1 inside a weekend or holiday, 0 outside, linear around midnight. */
function dayOff(at: number): number {
  const day = utcDay(at);
  const today = isDayOff(day) ? 1 : 0;
  const sinceMidnight = at - day * MS_PER_DAY;
  const toMidnight = MS_PER_DAY - sinceMidnight;
  if (sinceMidnight < RAMP_MS) return mix(isDayOff(day - 1) ? 1 : 0, today, 0.5 + sinceMidnight / RAMP_MS / 2);
  if (toMidnight < RAMP_MS) return mix(isDayOff(day + 1) ? 1 : 0, today, 0.5 + toMidnight / RAMP_MS / 2);
  return today;
}

function mix(a: number, b: number, shareOfB: number): number {
  return a + (b - a) * shareOfB;
}

function warpMs(at: number): number {
  const phase = (2 * Math.PI * ((at - WARP_ZERO_MS) % MS_PER_DAY)) / MS_PER_DAY;
  return Math.round((DAY_WARP * MS_PER_DAY * Math.sin(phase)) / 1000) * 1000;
}

/** High on Wednesdays and in December, each with half of the amplitude. */
function wave(at: number, seasons: number): number {
  if (seasons === 0) return 1;
  const day = at / MS_PER_DAY;
  const weekly = Math.cos((2 * Math.PI * (day - 6.5)) / 7);
  const annual = Math.cos((2 * Math.PI * (day - 349)) / 365.25);
  return 1 + (seasons * (weekly + annual)) / 2;
}
