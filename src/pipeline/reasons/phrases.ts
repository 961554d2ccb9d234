import { isActionable } from "../../features/actionable.js";
import { WITH_DAYS } from "../../features/catalogue.js";
import type { Family, Unit } from "../../features/fold.js";

/** Says what a value of one feature is: "no songs in the last 7 days; others 34". */
export interface Phrase {
  readonly feature: string;
  /** Whether acting can change it. */
  readonly actionable: boolean;
  say(value: number, own: OwnHabits): string;
}

/** What of a user's habits is known beside the feature; NaN where it is not. */
export interface OwnHabits {
  readonly usualPauseDays: number;
}

interface Meaning {
  readonly name: string;
  readonly family: Family;
  readonly unit: Unit;
  readonly description: string;
  readonly undo?: (value: number) => number;
}

const MEANINGS: ReadonlyMap<string, Meaning> = new Map(WITH_DAYS.features.map((feature) => [feature.name, feature]));

/** Features that are a yes or a no: what each of them means. */
const YES_NO: Readonly<Record<string, readonly [no: string, yes: string]>> = {
  gender_male: ["female", "male"],
  seen_from_registration: ["joined before the log begins", "known since the first day"],
  is_paid: ["on the free plan", "on the paid plan"],
  ever_paid: ["never on the paid plan", "once on the paid plan"],
  is_weekend: ["as of a weekday", "as of a weekend"],
};

/** A pause up to this is called daily, in days. */
const DAILY_MAX = 1.3;

type Say = Phrase["say"];

/**
 * The words for a feature, by its family and unit.
 *
 * @param usual what is common among the users that the model learned from, on the feature's own scale; NaN for unknown
 */
export function phraseOf(feature: string, usual: number): Phrase {
  const meaning = MEANINGS.get(feature);
  const actionable = meaning !== undefined && isActionable(meaning);
  return { feature, actionable, say: silence(feature) ?? yesNo(feature) ?? saying(feature, meaning, usual) };
}

function silence(feature: string): Say | null {
  if (feature === "days_since_last_event") return (value, own) => silentFor(value, own);
  if (feature !== "silence_against_usual") return null;
  return (value, own) =>
    Number.isNaN(own.usualPauseDays)
      ? `silent ${brief(value)} times as long as usual`
      : silentFor(value * own.usualPauseDays, own);
}

/** "nothing for 6 days; usually daily" */
function silentFor(days: number, { usualPauseDays: pause }: OwnHabits): string {
  const silent = days < 1 ? "here within the last day" : `nothing for ${brief(days)} days`;
  if (Number.isNaN(days)) return "never here";
  if (Number.isNaN(pause)) return silent;
  return `${silent}; usually ${pause <= DAILY_MAX ? "daily" : `every ${brief(pause)} days`}`;
}

function yesNo(feature: string): Say | null {
  const words = YES_NO[feature];
  if (words === undefined) return null;
  return (value) => (Number.isNaN(value) ? `${plainName(feature)} unknown` : words[value >= 0.5 ? 1 : 0]);
}

function saying(feature: string, meaning: Meaning | undefined, usual: number): Say {
  const undo = meaning?.undo ?? ((value: number) => value);
  const others = (told: (value: number) => string): string =>
    Number.isNaN(usual) ? "" : `; others ${told(undo(usual))}`;
  if (feature.startsWith("kind_")) {
    const kind = plainName(feature.slice("kind_".length));
    return (value) => `of the kind with ${kind}: ${percent(value)}${others(percent)}`;
  }
  const counted = meaning === undefined ? null : windowNoun(meaning);
  if (counted !== null) {
    return (value) => `${value === 0 ? "no" : brief(value)} ${counted}${others(brief)}`;
  }
  const what = plainName(feature);
  const told = meaning?.unit === "share" ? percent : brief;
  return (value) => `${what} ${told(undo(value))}${others(told)}`;
}

/** "songs in the last 7 days": what is counted in a window, in words that a number goes before. */
function windowNoun({ unit, description }: Meaning): string | null {
  const isCounted = unit === "count" || unit === "days" || unit === "hours";
  return isCounted && / in the last \d+ days$/.test(description) ? description.replace(/ \([^)]*\)/, "") : null;
}

function plainName(feature: string): string {
  return feature
    .replace(/^log_/, "")
    .replaceAll("_", " ")
    .replace(/ next (\d+)d$/, " in the next $1 days")
    .replace(/ (\d+)d$/, " in $1 days");
}

const NOTHING_TO_SPEAK_OF = 1e-6;

function percent(share: number): string {
  return Number.isNaN(share) ? "unknown" : `${(100 * share).toFixed(0)}%`;
}

export function brief(value: number): string {
  if (Number.isNaN(value)) return "unknown";
  if (Math.abs(value) < NOTHING_TO_SPEAK_OF) return "0";
  return Math.abs(value) >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(2)));
}
