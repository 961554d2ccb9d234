import { once } from "node:events";
import { createReadStream, createWriteStream, rmSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { finished } from "node:stream/promises";
import { takeColumns } from "#src/base/matrix.js";
import { asInstant, MS_PER_DAY, MS_PER_HOUR } from "#src/base/time.js";
import type { World } from "#src/base/world.js";
import { POINT_IN_TIME_SHAPE } from "#src/evaluate/splits.js";
import { RISK_SET } from "#src/features/risk-set.js";
import { cancellation } from "#src/labels/cancellation.js";
import { type CalibrationPrior, priorOf } from "#src/monitor/estimate/calibration-belief.js";
import { ingest } from "#src/pipeline/ingest.js";
import { modelProbabilities } from "#src/pipeline/model-probabilities.js";
import { loadEvents } from "#src/pipeline/recover.js";
import { simulateToFiles } from "#src/pipeline/simulate.js";
import { snapshotUsers } from "#src/pipeline/snapshot.js";
import { cardOf, runForwardCandidates } from "#src/pipeline/train/forward-candidates.js";
import { prepare } from "#src/pipeline/train/prepare.js";
import { SIMULATE_DEFAULTS } from "#src/simulate/options.js";
import type { ScenarioName } from "#src/simulate/scenario.js";

/** A SIMULATED world, and what a model that learned from its first part says of every day after it. */
export interface ScoredWorld {
  readonly users: readonly string[];
  readonly cutoffMs: Float64Array;
  readonly p: Float64Array;
  readonly flagged: Uint8Array;
  /** When the user of a row cancelled, ms; NaN for never. */
  readonly cancelledMs: Float64Array;
  readonly firstMs: number;
  readonly lastMs: number;
  readonly prior: CalibrationPrior;
}

export interface WorldShape {
  readonly users: number;
  readonly days: number;
  readonly learnDays: number;
  readonly scenario: ScenarioName;
  readonly changeDay: number;
  readonly seed: number;
}

export async function scoredWorld(folder: string, shape: WorldShape, world: World): Promise<ScoredWorld> {
  const { learnDays, ...options } = shape;
  const [log, first] = [join(folder, "log.jsonl"), join(folder, "first.jsonl")];
  await simulateToFiles({ ...SIMULATE_DEFAULTS, ...options }, { out: log, truth: join(folder, "truth.jsonl") }, world);
  const { start } = SIMULATE_DEFAULTS;
  const learnUntil = start + learnDays * MS_PER_DAY;
  await copyUntil(log, first, learnUntil);
  await ingest(join(folder, "first"), [first], {}, world);
  await ingest(join(folder, "all"), [log], {}, world);
  const trained = await train(join(folder, "first"), world);
  const columns = await loadEvents(join(folder, "all"), world);
  const cutoffs = Array.from({ length: shape.days - learnDays }, (_, day) =>
    asInstant(learnUntil + day * MS_PER_DAY + 12 * MS_PER_HOUR),
  );
  const table = await snapshotUsers(columns, { catalogue: "point-in-time", cutoffs, riskSet: RISK_SET }, world);
  const x = takeColumns(
    table.x,
    trained.features.map((name) => table.features.indexOf(name)),
  );
  const p = modelProbabilities(trained, x);
  const cancelled = cancellation.eventTimes(columns);
  rmSync(folder, { recursive: true });
  return {
    users: Array.from(table.userIndex, (user) => table.users[user] ?? ""),
    cutoffMs: table.cutoffMs,
    p,
    flagged: Uint8Array.from(p, (one) => +(one >= trained.threshold)),
    cancelledMs: Float64Array.from(table.userIndex, (user) => cancelled[user] ?? Number.NaN),
    firstMs: learnUntil,
    lastMs: start + shape.days * MS_PER_DAY,
    prior: trained.prior,
  };
}

/** The first part of a log, which is in the order of time. */
async function copyUntil(from: string, to: string, untilMs: number): Promise<void> {
  const out = createWriteStream(to);
  for await (const line of createInterface({ input: createReadStream(from) })) {
    if ((JSON.parse(line) as { ts: number }).ts >= untilMs) break;
    if (!out.write(`${line}\n`)) await once(out, "drain");
  }
  out.end();
  await finished(out);
}

async function train(home: string, world: World) {
  const columns = await loadEvents(home, world);
  const options = {
    models: ["logistic"],
    search: "none" as const,
    seeds: 0,
    label: cancellation,
    shape: POINT_IN_TIME_SHAPE,
  };
  const prepared = await prepare(columns, options, world);
  const { choice } = await runForwardCandidates(prepared, options, world);
  const { final } = choice.best;
  const { intervals, metrics } = cardOf(choice.run, POINT_IN_TIME_SHAPE.horizon, world);
  const slope = intervals.calibrationSlope;
  const value = metrics.calibrationSlope;
  return {
    features: prepared.data.features,
    state: final.fitted.state,
    calibrator: final.calibrator,
    threshold: final.threshold.value,
    prior: priorOf(slope === undefined || value === null ? null : { ...slope, value }, final.baseRate),
  };
}
