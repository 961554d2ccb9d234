import { rowsAt } from "../../evaluate/dataset.js";
import type { ForwardRun } from "../../evaluate/forward.js";
import { averagePrecision } from "../../evaluate/metrics.js";
import type { NestedFit } from "../../evaluate/nested-fit.js";
import type { ForwardSplit } from "../../evaluate/splits.js";
import type { ForwardCandidate } from "./forward-candidates.js";
import type { Prepared } from "./prepare.js";

export interface ModelChoice {
  /** What is registered: chosen, as in every block, without a look at a later row. */
  readonly best: ForwardCandidate;
  /** The test blocks, each by the model that was chosen inside its own training cutoffs: what the way of choosing is worth. */
  readonly run: ForwardRun;
  /** The models chosen, block by block. */
  readonly perBlock: readonly string[];
}

/**
 * Chooses between models by the average precision of their inner out-of-fold scores, in each test block among what was settled before
 * it. So the test blocks measure the choice too, and no model is chosen for how it did on them. Where churned users are too few
 * for inner scores, the model that was named first is taken.
 */
export function chooseModel({ data, tests }: Prepared, found: readonly ForwardCandidate[]): ModelChoice {
  const [first] = found;
  if (first === undefined) throw new Error("no candidate");
  const best = winner(found, ({ final }) => final);
  if (found.length === 1) return { best, run: first.run, perBlock: first.run.fits.map(() => first.learner.name) };
  const { run } = first;
  const [p, flagged] = [run.p.slice(), run.flagged.slice()];
  const fitOf = new Map<ForwardSplit, NestedFit>();
  const perBlock: string[] = [];
  let from = 0;
  for (const split of tests) {
    if (!run.fitOf.has(split)) continue;
    const to = from + rowsAt(data, split.test).length;
    const chosen = winner(found, (candidate) => candidate.run.fitOf.get(split));
    p.set(chosen.run.p.subarray(from, to), from);
    flagged.set(chosen.run.flagged.subarray(from, to), from);
    const fit = chosen.run.fitOf.get(split);
    if (fit !== undefined) fitOf.set(split, fit);
    perBlock.push(chosen.learner.name);
    from = to;
  }
  return { best, run: { ...run, p, flagged, fits: [...fitOf.values()], fitOf }, perBlock };
}

/** Of equals the one named first. */
function winner(
  found: readonly ForwardCandidate[],
  fitOf: (candidate: ForwardCandidate) => NestedFit | undefined,
): ForwardCandidate {
  return found.reduce((a, b) => (innerScore(fitOf(b)) > innerScore(fitOf(a)) ? b : a));
}

function innerScore(fit: NestedFit | undefined): number {
  if (!fit?.inner) return Number.NEGATIVE_INFINITY;
  const value = averagePrecision({ y: fit.inner.rows.y, p: fit.inner.scores });
  return Number.isNaN(value) ? Number.NEGATIVE_INFINITY : value;
}
