import { isoOf, MS_PER_DAY } from "../base/time.js";

/** What stands where a number cannot be had. */
export const NONE = "–";
const MINUS = "−";

interface Bounds {
  readonly low: number | null;
  readonly high: number | null;
}

type Maybe = number | null | undefined;

/** `0.712`: AUC, average precision and the like. */
export function score(value: Maybe, digits = 3): string {
  return finite(value) ? signed(value.toFixed(digits)) : NONE;
}

/** `0.672 – 0.750`. */
export function interval(of: Bounds | undefined, digits = 3): string {
  return of !== undefined && finite(of.low) && finite(of.high)
    ? `${score(of.low, digits)} – ${score(of.high, digits)}`
    : NONE;
}

/** `23.2%` of 0.232. */
export function percent(share: Maybe): string {
  return finite(share) ? `${signed((share * 100).toFixed(1))}%` : NONE;
}

/** `286,500`. */
export function count(value: Maybe): string {
  return finite(value) ? signed(String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ",")) : NONE;
}

/** `4.3×`. */
export function times(value: Maybe): string {
  return finite(value) ? `${signed(value.toFixed(1))}×` : NONE;
}

/** `+0.42`: an effect, whose sign matters. */
export function effect(value: Maybe): string {
  if (!finite(value)) return NONE;
  const text = signed(value.toFixed(2));
  return value > 0 ? `+${text}` : text;
}

/** `1 user`, `2 users`. */
export function counted(n: number, one: string, many = `${one}s`): string {
  return `${count(n)} ${n === 1 ? one : many}`;
}

/** `2018-10-01` of an instant in ms. */
export function day(ms: Maybe): string {
  return finite(ms) && Math.abs(ms) < 8.64e15 ? isoOf(ms).slice(0, 10) : NONE;
}

/** `2018-10-01 14:00` of an ISO 8601 text; the text itself when it is none. */
export function moment(iso: string): string {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(iso) ? iso.slice(0, 16).replace("T", " ") : iso;
}

export function spanDays(firstMs: Maybe, lastMs: Maybe): number | null {
  return finite(firstMs) && finite(lastMs) ? (lastMs - firstMs) / MS_PER_DAY : null;
}

/** `9.3 s`, `2 min 05 s`. */
export function duration(seconds: Maybe): string {
  if (!finite(seconds)) return NONE;
  if (seconds < 99.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  return `${count(Math.floor(whole / 60))} min ${String(whole % 60).padStart(2, "0")} s`;
}

function finite(value: Maybe): value is number {
  return typeof value === "number" && Number.isFinite(value);
}

/** A true minus sign, and no negative zero. */
function signed(text: string): string {
  return /^-[0.,]*$/.test(text) ? text.slice(1) : text.replace("-", MINUS);
}
