import type { FeatureRange } from "../evaluate/feature-ranges.js";
import { isActionable } from "../features/actionable.js";
import { POINT_IN_TIME } from "../features/catalogue.js";
import type { Unit } from "../features/fold.js";
import type { ModelFile } from "../registry/model-file.js";
import type { CounterfactualDocument } from "../schema/explanation-documents.js";
import { modelProbabilities } from "./model-probabilities.js";
import { byDayName, channelsByToday, perDay } from "./reasons/day-words.js";
import { type Phrase, phraseOf } from "./reasons/phrases.js";

const CHANGES_MAX = 3;
/** Halvings of a change, after which it is as small as it need be to a thousandth. */
const HALVINGS = 10;
/** The latest days, which are changed together. */
const DAYS_CHANGED = 7;
/** Whole by nature. */
const COUNTED: ReadonlySet<Unit> = new Set(["count", "yes/no"]);

interface Lever {
  readonly feature: string;
  /** Where the row is. */
  readonly from: number;
  readonly unit: Unit;
  readonly range: FeatureRange;
  /** From the 10th to the 90th percentile: what changes are measured by. */
  readonly spread: number;
  readonly say: Phrase["say"];
  /** Changes a row. */
  set(data: Float64Array, to: number): void;
}

interface Change {
  readonly lever: Lever;
  readonly to: number;
}

const ACTIONABLE = new Map(POINT_IN_TIME.features.filter(isActionable).map((feature) => [feature.name, feature]));

/**
 * The smallest change of few actionable features, each within what was seen in training, that takes a row below the threshold: one
 * feature where one is enough (the least of its spread), else the steepest step and on, at most three; then every change is
 * dropped or made smaller where the rest suffices. Where three do not suffice, `reached` is false and they are the best found. It says
 * what the model would say, not what would happen: features that go together are changed apart.
 *
 * @param row features in the model's order
 */
export function counterfactualOf(model: ModelFile, row: Float64Array): CounterfactualDocument {
  const threshold = model.threshold.value;
  const score = scorer(model);
  const probability = score(row, []);
  const before = { churn_probability: probability, threshold };
  if (probability < threshold) return { ...before, reached: true, churn_probability_after: probability, changes: [] };
  const found = search(leversOf(model, row), row, score, threshold);
  const after = score(row, found);
  const changes = after < threshold ? smallest(found, row, score, threshold) : found;
  const reached = score(row, changes);
  return {
    ...before,
    reached: reached < threshold,
    churn_probability_after: reached,
    changes: changes.map(({ lever, to }) => {
      const { feature, from, say } = lever;
      const own = { usualPauseDays: row[model.features.indexOf("usual_pause_days")] ?? Number.NaN };
      return { feature, from, to, text: `${say(to, own)} (now: ${say(from, own)})` };
    }),
  };
}

type Score = (row: Float64Array, changes: readonly Change[]) => number;

function scorer(model: ModelFile): Score {
  return (row, changes) => {
    const data = row.slice();
    for (const { lever, to } of changes) lever.set(data, to);
    return modelProbabilities(model, { rows: 1, cols: data.length, data })[0] ?? Number.NaN;
  };
}

function leversOf({ features, ranges }: ModelFile, row: Float64Array): Lever[] {
  const single = features.flatMap((feature, column): Lever[] => {
    const meaning = ACTIONABLE.get(feature);
    if (meaning === undefined || Number.isNaN(row[column])) return [];
    const { say } = phraseOf(feature, Number.NaN);
    const range = ranges?.[column] ?? [];
    const from = row[column] ?? Number.NaN;
    const set = (data: Float64Array, to: number): void => {
      data[column] = to;
    };
    return [{ feature, from, unit: meaning.unit, range, spread: spreadOf(range), say, set }];
  });
  return [...single, ...dayLevers(features, ranges, row)].filter(({ spread }) => spread > 0);
}

/**
 * Days in their order are changed by channel, the last seven together: a day alone means little to a model that reads them all. What is
 * told, and changed, is the mean a day; the days keep their shares of it.
 */
function dayLevers(features: readonly string[], ranges: ModelFile["ranges"], row: Float64Array): Lever[] {
  return [...channelsByToday(features).values()].map((channel): Lever => {
    const columns = channel.columns.slice(0, DAYS_CHANGED).filter((column) => !Number.isNaN(row[column] ?? Number.NaN));
    const meanCount = columns.reduce((sum, column) => sum + Math.expm1(row[column] ?? 0) / columns.length, 0);
    const set = (data: Float64Array, to: number): void => {
      const times = Math.expm1(to) / meanCount;
      for (const column of columns) {
        data[column] = meanCount === 0 ? to : Math.log1p(times * Math.expm1(data[column] ?? 0));
      }
    };
    // Yesterday was a whole day.
    const range = ranges?.[channel.columns[1] ?? -1] ?? [];
    const feature = byDayName(features[channel.columns[0] ?? -1] ?? "");
    const say = (value: number): string => perDay(channel, value, DAYS_CHANGED);
    const spread = columns.length === 0 ? 0 : spreadOf(range);
    return { feature, from: Math.log1p(meanCount), unit: "log", range, spread, say, set };
  });
}

function spreadOf(range: FeatureRange): number {
  return (range.at(-2) ?? 0) - (range[1] ?? 0) || (range.at(-1) ?? 0) - (range[0] ?? 0);
}

function costOf({ lever, to }: Change): number {
  return Math.abs(to - lever.from) / lever.spread;
}

/** Greedy: the cheapest last step if there is one, else the one that lowers P most a unit of cost. */
function search(levers: readonly Lever[], row: Float64Array, score: Score, threshold: number): Change[] {
  const taken: Change[] = [];
  while (taken.length < CHANGES_MAX) {
    const open = levers.filter((lever) => !taken.some((change) => change.lever === lever));
    const steps = open.flatMap((lever) => lever.range.map((to) => ({ lever, to: valueFor(lever, to) })));
    const priced = steps.map((change) => ({ change, cost: costOf(change), p: score(row, [...taken, change]) }));
    const now = score(row, taken);
    const enough = priced.filter(({ p }) => p < threshold).sort((a, b) => a.cost - b.cost)[0];
    if (enough !== undefined) return [...taken, enough.change];
    const [best] = priced.filter(({ p }) => p < now).sort((a, b) => a.p - b.p || a.cost - b.cost);
    if (best === undefined) return taken;
    taken.push(best.change);
  }
  return taken;
}

function valueFor({ unit }: Lever, value: number): number {
  return COUNTED.has(unit) ? Math.round(value) : value;
}

/** Drops what is not needed and halves the rest towards where the row is, as long as P stays below the threshold. */
function smallest(found: readonly Change[], row: Float64Array, score: Score, threshold: number): Change[] {
  const suffices = (changes: readonly Change[]): boolean => score(row, changes) < threshold;
  const needed = (changes: readonly Change[]): Change[] =>
    changes.reduce<Change[]>(
      (kept, change) => {
        const without = kept.filter((other) => other !== change);
        return without.length > 0 && suffices(without) ? without : kept;
      },
      [...changes],
    );
  let changes = needed(found);
  for (const [i, { lever, to }] of changes.entries()) {
    let [near, far] = [lever.from, to];
    for (let step = 0; step < HALVINGS; step++) {
      const middle = valueFor(lever, (near + far) / 2);
      const tried = changes.with(i, { lever, to: middle });
      if (suffices(tried)) {
        far = middle;
        changes = tried;
      } else {
        near = middle;
      }
    }
  }
  return needed(changes);
}
