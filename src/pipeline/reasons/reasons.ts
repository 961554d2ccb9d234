import { medianOf } from "../../evaluate/feature-ranges.js";
import { linearPartOf, type ModelState } from "../../models/model-state.js";
import type { ModelFile } from "../../registry/model-file.js";
import type { ReasonDocument } from "../../schema/explanation-documents.js";
import { byDayName, type ChannelDays, channelsByToday, sayDays } from "./day-words.js";
import { type OwnHabits, type Phrase, phraseOf } from "./phrases.js";

const REASONS_MAX = 3;
/** Contributions smaller than this are no reason, in log-odds. */
const REASON_MIN = 0.01;

/** From here a percentage says nothing to anybody. */
const TENFOLD = 9;

/** What each column adds to a row's log-odds before calibration, and the row's values in step. */
export interface Told {
  readonly effects: Float64Array;
  readonly values: Float64Array;
  /** The row itself, in the model's order. */
  readonly row: Float64Array;
}

/** The largest effects in words, at most three: what each adds to the log-odds of `churn_probability` against the average user. */
export function reasonsOf(model: ModelFile, { effects, values, row }: Told): ReasonDocument[] {
  const { slope, phrases, pauseColumn, days, twins } = wordingOf(model);
  const own = { usualPauseDays: values[pauseColumn] ?? Number.NaN };
  const added = joined(effects, twins);
  return largest(added, REASON_MIN / Math.abs(slope)).map((column) => {
    const effect = slope * (added[column] ?? 0);
    const channel = days.get(column);
    if (channel !== undefined) return dayReason(phrases[column], sayDays(channel, row), effect);
    return reason(phrases[column], { value: values[column] ?? Number.NaN, effect, own });
  });
}

/** A count and its logarithm say the same in words: the one that tells more tells for both. */
function joined(effects: Float64Array, twins: readonly Twins[]): Float64Array {
  const out = effects.slice();
  for (const [one, other] of twins) {
    const [a, b] = [effects[one] ?? 0, effects[other] ?? 0];
    const [more, less] = Math.abs(a) >= Math.abs(b) ? [one, other] : [other, one];
    out[more] = a + b;
    out[less] = 0;
  }
  return out;
}

function reason(
  phrase: Phrase | undefined,
  { value, effect, own }: { value: number; effect: number; own: OwnHabits },
): ReasonDocument {
  return {
    feature: phrase?.feature ?? "",
    value: Number.isNaN(value) ? null : value,
    effect,
    text: phrase === undefined ? "" : `${phrase.say(value, own)}: ${changeOfOdds(effect)}`,
    actionable: phrase?.actionable ?? false,
  };
}

/** Of all days of one channel together. */
function dayReason(
  phrase: Phrase | undefined,
  { value, text }: { value: number; text: string },
  effect: number,
): ReasonDocument {
  const feature = byDayName(phrase?.feature ?? "");
  return { feature, value, effect, text: `${text}: ${changeOfOdds(effect)}`, actionable: phrase?.actionable ?? false };
}

/** "raises the odds by 40%" */
function changeOfOdds(effect: number): string {
  const change = Math.exp(effect) - 1;
  const percent = change > TENFOLD ? "more than tenfold" : `by ${Math.abs(change * 100).toFixed(0)}%`;
  return `${change > 0 ? "raises" : "lowers"} the odds ${percent}`;
}

/** Columns of the largest effects, at most `REASONS_MAX` and none below `least`; of equals the first. Sorting all takes longer than scoring. */
function largest(effects: Float64Array, least: number): number[] {
  const sizeOf = (column: number): number => Math.abs(effects[column] ?? 0);
  const found: number[] = [];
  for (let column = 0; column < effects.length; column++) {
    const size = sizeOf(column);
    if (!(size >= least)) continue;
    let at = found.length;
    while (at > 0 && sizeOf(found[at - 1] ?? 0) < size) at--;
    if (at === REASONS_MAX) continue;
    found.splice(at, 0, column);
    if (found.length > REASONS_MAX) found.pop();
  }
  return found;
}

/** Columns of a value and of its logarithm. */
type Twins = readonly [number, number];

interface ModelWording {
  /** Platt scaling is a line in log-odds, so the effects on the calibrated ones are those of the model times its slope. */
  readonly slope: number;
  readonly phrases: readonly Phrase[];
  /** Where the user's own usual pause stands; −1 where the model does not look at it. */
  readonly pauseColumn: number;
  /** Channels whose days are told of together. */
  readonly days: ReadonlyMap<number, ChannelDays>;
  readonly twins: readonly Twins[];
}

const known = new WeakMap<ModelFile, ModelWording>();

function wordingOf(model: ModelFile): ModelWording {
  const made = known.get(model);
  if (made !== undefined) return made;
  const state = model.state as ModelState;
  const names = state.kind === "sequence" ? model.features : columnNames(model.features, state);
  const linear = linearPartOf(state);
  const means = linear && new Map(linear.columns.map((column, k) => [column, linear.mean[k]]));
  const wording = {
    slope: model.calibrator.kind === "platt" ? -model.calibrator.a : 1,
    phrases: names.map((name, column) => phraseOf(name, usualOf(model, column) ?? means?.get(column) ?? Number.NaN)),
    pauseColumn: model.features.indexOf("usual_pause_days"),
    days: state.kind === "sequence" ? channelsByToday(model.features) : new Map(),
    twins: twinsIn(model.features),
  };
  known.set(model, wording);
  return wording;
}

function twinsIn(features: readonly string[]): Twins[] {
  return features.flatMap((name, column): Twins[] => {
    const plain = name.startsWith("log_") ? features.indexOf(name.slice("log_".length)) : -1;
    return plain < 0 ? [] : [[column, plain]];
  });
}

/** The median of the rows that were learned from, where the model file says it. */
function usualOf({ ranges }: ModelFile, column: number): number | undefined {
  const median = medianOf(ranges?.[column]);
  return Number.isNaN(median) ? undefined : median;
}

/** Names of what contributions are of: the features, then the kinds of users that a model may have learned. Days are told of by channel. */
export function columnNames(features: readonly string[], state: ModelState): string[] {
  if (state.kind === "sequence") return features.map(byDayName);
  return [...features, ...(linearPartOf(state)?.kinds?.names ?? [])];
}
