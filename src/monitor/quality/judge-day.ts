import type { DayQuality, QualityBand, QualityFlag } from "../../schema/loop-documents.js";
import { bandOf, DAYS_MIN } from "./band.js";
import { PAGE_PREFIX, ruleOf } from "./quality-figures.js";

/** What was measured of a day. */
export interface DayMeasured {
  readonly dayMs: number;
  /** By the names of `FIGURE_RULES`, and `page:` with the page; null where it cannot be had. */
  readonly figures: Readonly<Record<string, number | null>>;
  /** Fields of live events that are none of ours. */
  readonly unknownFields: readonly string[];
}

/** Days a year on which a figure of a world that goes on as it did may be called out of its band. */
export const FALSE_DAYS_A_YEAR = 2;
/** A page that was never seen before is worth a word from this share of rows on. */
const NEW_PAGE_SHARE = 0.002;
/** Pages are watched from this share on: rarer ones come and go. */
const PAGE_SHARE = 0.005;

/**
 * Holds a day's figures against the bands that the days before it make. What is beyond its band is a flag; the chance of one on any day is
 * shared out over the figures, so that a steady world has at most `FALSE_DAYS_A_YEAR`.
 *
 * @param before the days before, by time, without holes: a day without events has null
 */
export function judgeDay(day: DayMeasured, before: readonly (DayMeasured | null)[]): DayQuality {
  const names = Object.keys(day.figures).filter((name) => ruleOf(name) !== null);
  const chance = FALSE_DAYS_A_YEAR / 365 / Math.max(1, names.length);
  const bands: Record<string, QualityBand> = {};
  const flags: QualityFlag[] = [];
  for (const name of names) {
    const value = day.figures[name] ?? null;
    const rule = ruleOf(name);
    const isSeen = before.some((one) => one?.figures[name] !== undefined);
    if (rule === null || value === null || !isSeen) continue;
    const history = before.map(
      (one) => one?.figures[name] ?? (name.startsWith(PAGE_PREFIX) && one !== null ? 0 : null),
    );
    const band = bandOf(history, { ...rule, chance });
    if (band === null || (name.startsWith(PAGE_PREFIX) && Math.max(band.expected, value) < PAGE_SHARE)) continue;
    bands[name] = band;
    const side = value < band.low ? "low" : value > band.high ? "high" : null;
    if (side === null || (rule.wrong !== "both" && rule.wrong !== side)) continue;
    flags.push({ figure: name, about: rule.about, value, ...band, side, fails: rule.fails });
  }
  return { ...day, bands, flags: [...flags, ...noveltiesOf(day, before)] };
}

function noveltiesOf(day: DayMeasured, before: readonly (DayMeasured | null)[]): QualityFlag[] {
  const known = before.filter((one) => one !== null);
  if (known.length < DAYS_MIN) return [];
  const figuresSeen = new Set(known.flatMap(({ figures }) => Object.keys(figures)));
  const fieldsSeen = new Set(known.flatMap(({ unknownFields }) => unknownFields));
  const pages = Object.entries(day.figures).filter(
    ([name, value]) => name.startsWith(PAGE_PREFIX) && !figuresSeen.has(name) && (value ?? 0) >= NEW_PAGE_SHARE,
  );
  const flag = (figure: string, about: string, value: number): QualityFlag => ({
    figure,
    about,
    value,
    expected: 0,
    low: 0,
    high: 0,
    days: known.length,
    side: "high",
    fails: false,
  });
  return [
    ...pages.map(([name, value]) => flag(name, "a page that was never seen before", value ?? 0)),
    ...day.unknownFields
      .filter((name) => !fieldsSeen.has(name))
      .map((name) => flag(`field:${name}`, "a field that was never seen before", 1)),
  ];
}
