import type { Rng } from "../../base/rng.js";
import type { SelectionDocument } from "../../schema/selection-document.js";
import { METRICS, type MeasuredName } from "../metrics.js";
import { once } from "../scored.js";
import { selectionOptimism } from "./optimism.js";
import type { Search } from "./settings.js";
import type { SearchOutcome } from "./steps.js";

/** Settings that a leaderboard lists. */
const LISTED = 10;

export interface Chooser {
  /** By what the setting was chosen, in words. */
  readonly criterion: string;
  /** Number of the tried setting that is chosen when each row counts so many times. */
  choose(counts: Float64Array): number;
  /** What the leaderboard shows, best by the first. */
  readonly metrics: readonly MeasuredName[];
}

/** What was tried, and how much of the winner's score is that it was chosen. Null where there was no choice. */
export function leaderboard(
  { search, tried, ran, planned }: SearchOutcome & { readonly search: Search },
  rows: { readonly y: Uint8Array; readonly user: Int32Array },
  { criterion, choose, metrics }: Chooser,
  rng: Rng,
): SelectionDocument | null {
  if (tried.length < 2) return null;
  const measures = metrics.map((metric) =>
    tried.map(({ scores }) => METRICS[metric].prepare({ y: rows.y, p: scores, threshold: 0.5 })),
  );
  const all = once(rows.y.length);
  const values = measures.map((own) => own.map((measure) => measure(all)));
  const scoreOf = (at: number) => Object.fromEntries(metrics.map((metric, m) => [metric, orNull(values[m]?.[at])]));
  const order = Array.from(tried.keys()).sort((a, b) => (values[0]?.[b] ?? 0) - (values[0]?.[a] ?? 0) || a - b);
  const optimism = metrics.map((metric, m) => {
    const found = selectionOptimism({ user: rows.user, measures: measures[m] ?? [], choose }, rng.fork(metric));
    const { apparent, corrected, optimism } = found;
    return [metric, { apparent: orNull(apparent), corrected: orNull(corrected), optimism: orNull(optimism) }] as const;
  });
  return {
    search,
    planned,
    ran,
    criterion,
    method: "BBC-CV",
    chosen: choose(all),
    optimism: Object.fromEntries(optimism),
    leaderboard: order.slice(0, LISTED).map((at) => ({ setting: at, params: tried[at]?.params ?? {}, ...scoreOf(at) })),
  };
}

function orNull(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) ? value : null;
}
