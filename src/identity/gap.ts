import { MS_PER_DAY, MS_PER_SECOND } from "../base/time.js";
import { PAGE } from "../schema/pages.js";

/** Mean seconds between rows; people differ, so the tail is a power law (Lomax, shape 2), not an exponential. */
const MEAN_SECONDS = 90;
/** Login and Logout are redirects: 1 second after the row before, nearly always. */
const REDIRECT_EXACT = 0.99;

/** Likelihood, per second, that a row on `page` comes `gapMs` after the row before it in its stream. */
export function gapDensity(page: number, gapMs: number): number {
  const seconds = Math.max(0, gapMs) / MS_PER_SECOND;
  const waiting = (2 / MEAN_SECONDS) * (1 + seconds / MEAN_SECONDS) ** -3;
  if (page !== PAGE.Login && page !== PAGE.Logout) return waiting;
  return gapMs === MS_PER_SECOND ? REDIRECT_EXACT : (1 - REDIRECT_EXACT) * waiting;
}

/** Likelihood, per second, that somebody unseen begins a session with this id: about once a day. */
export const NEWCOMER_DENSITY = MS_PER_SECOND / MS_PER_DAY;
