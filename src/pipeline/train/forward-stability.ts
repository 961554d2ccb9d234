import type { Instant } from "../../base/time.js";
import type { World } from "../../base/world.js";
import { rowsAt } from "../../evaluate/dataset.js";
import { type ForwardRun, runForward } from "../../evaluate/forward.js";
import type { Learner, Params } from "../../evaluate/learner.js";
import { measure } from "../../evaluate/metrics.js";
import { nestedFit } from "../../evaluate/nested-fit.js";
import type { StabilityDocument } from "../../schema/selection-document.js";
import { pause } from "./pause.js";
import type { Prepared } from "./prepare.js";
import { spreads } from "./stability.js";

/** The test blocks again with other seeds, each at the setting that its own tuning chose: how much of a figure is the draw. */
export async function stabilityOfBlocks(
  { data, tests, shape }: Prepared,
  { learner, run, seeds }: { readonly learner: Learner; readonly run: ForwardRun; readonly seeds: number },
  world: World,
): Promise<StabilityDocument> {
  const paramsOf = new Map<readonly Instant[], Params>();
  for (const [split, { params }] of run.fitOf) paramsOf.set(split.train, params);
  const bySeed = [];
  for (let i = 0; i < seeds; i++) {
    await pause(world);
    const again = runForward(
      data,
      {
        learner,
        splits: tests,
        shape,
        search: "none",
        fit: (rows, plan, own) => {
          const defaults = paramsOf.get(plan.trainCutoffs) ?? learner.defaults;
          return nestedFit(rows, { ...plan, learner: { ...learner, defaults } }, own);
        },
      },
      { ...world, seed: world.seed + i },
    );
    bySeed.push(blockValues(data, again));
  }
  return spreads(bySeed);
}

function blockValues(data: Prepared["data"], { rows, p, flagged, fitOf }: ForwardRun) {
  const values = { f1: [] as number[], rocAuc: [] as number[], averagePrecision: [] as number[] };
  let from = 0;
  for (const { test } of fitOf.keys()) {
    const to = from + rowsAt(data, test).length;
    const y = rows.y.subarray(from, to);
    const scored = { y, p: p.subarray(from, to) };
    values.rocAuc.push(measure("rocAuc", scored));
    values.averagePrecision.push(measure("averagePrecision", scored));
    values.f1.push(measure("f1", { y, p: Float64Array.from(flagged.subarray(from, to)), threshold: 0.5 }));
    from = to;
  }
  return values;
}
