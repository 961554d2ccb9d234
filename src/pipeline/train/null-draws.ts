import { seededRng } from "../../base/rng.js";
import type { World } from "../../base/world.js";
import { permutePaths } from "../../evaluate/audits/permuted-labels.js";
import { drawPlaceboTimes, type UserSpans } from "../../evaluate/audits/placebo.js";
import { labelRows } from "../../evaluate/dataset.js";
import { type ForwardRun, runForward } from "../../evaluate/forward.js";
import type { Learner } from "../../evaluate/learner.js";
import { rocAuc } from "../../evaluate/metrics.js";
import type { FitProcedure } from "../../evaluate/nested-fit.js";
import type { ForwardSplit, ProtocolShape } from "../../evaluate/splits.js";
import { rocAucWithinCutoffs } from "../../evaluate/within-cutoffs.js";
import type { SnapshotTable } from "../../features/snapshot-table.js";
import type { Search } from "./options.js";

/** What a draw works on: plain data, so that it can cross to a thread. */
export interface NullWork {
  readonly table: SnapshotTable;
  readonly spans: UserSpans;
  readonly tests: readonly ForwardSplit[];
  readonly shape: ProtocolShape;
  readonly search: Search;
}

export interface NullDraw {
  readonly kind: "placebo" | "permuted";
  readonly draw: number;
}

/** How models are fitted in a draw: as in the training that is audited. */
export interface Fitting {
  readonly learner: Learner;
  readonly fit: FitProcedure;
}

/**
 * AUC of the whole protocol on labels that nothing can foretell. NaN where it found nobody to learn from.
 *
 * Placebo: the label's event at made-up times, for users who never had it. Cutting a user's log at a made-up time and folding it
 * again would leave every snapshot before that time as it is (a feature knows nothing later: the future shuffle audits that), so
 * the snapshots are taken over and the rows from the cut on dropped: `labelRows` does both.
 *
 * Permuted: users' label paths dealt anew. Pairs of one cutoff only: event times stay the same in every draw, so that a rate
 * which rises or falls over the log would put the same pull on all draws and look like a finding.
 */
export function scoreDraw(work: NullWork, { kind, draw }: NullDraw, fitting: Fitting, world: World): number {
  const { table, spans, tests, shape, search } = work;
  const rng = seededRng(world.seed).fork(`${kind}-${draw}`);
  const times = kind === "placebo" ? drawPlaceboTimes(spans, rng) : permutePaths(table, spans.cancelledMs, rng);
  const run = runForward(labelRows(table, times, shape.horizon), { ...fitting, splits: tests, shape, search }, world);
  return AUC_OF[kind](run);
}

const AUC_OF = {
  placebo: ({ rows, p }: ForwardRun) => rocAuc({ y: rows.y, p }),
  permuted: ({ rows, p }: ForwardRun) => rocAucWithinCutoffs({ y: rows.y, p, cutoffMs: rows.cutoffMs }),
} as const satisfies Record<NullDraw["kind"], (run: ForwardRun) => number>;
