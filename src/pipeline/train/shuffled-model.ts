import type { Matrix } from "../../base/matrix.js";
import type { World } from "../../base/world.js";
import { featureRanges } from "../../evaluate/feature-ranges.js";
import { evidenceOf } from "../../registry/evidence.js";
import { type ModelBody, riskLevelsOf } from "../../registry/model-file.js";
import type { TrainingDocument } from "../../schema/documents.js";
import type { ShuffledResult } from "./shuffled-protocol.js";
import { strongestOf } from "./strongest.js";

/** What the rows of a shuffled protocol were. */
export interface ShuffledRows extends Pick<ModelBody, "label" | "catalogue" | "features" | "audits"> {
  readonly protocol: "whole-history" | "table";
  readonly x: Matrix;
  readonly y: Uint8Array;
  /** Whose row it is. */
  readonly user: Int32Array;
  readonly users: number;
  readonly throughMs: number | null;
  readonly dataSha256: string;
  readonly simulated: boolean;
}

/** The model file of a shuffled protocol: leaky, and never served. */
export function shuffledModel(
  { rows, best, summary }: { rows: ShuffledRows; best: ShuffledResult; summary: ShuffledSummary },
  world: World,
): ModelBody {
  const { protocol, label, catalogue, features, x, y, users, throughMs, dataSha256, simulated, audits } = rows;
  const positives = positivesOf(y);
  const baseRate = positives / y.length;
  return {
    format: "refrain-model/1",
    protocol,
    leaky: true,
    riskSet: null,
    label,
    catalogue,
    features,
    estimator: best.learner.name,
    params: best.params,
    state: best.fitted.state,
    ranges: featureRanges(x),
    calibrator: best.calibrator,
    threshold: best.threshold,
    baseRate,
    riskLevels: riskLevelsOf(baseRate),
    training: { rows: y.length, users, churnedUsers: positives, throughMs, dataSha256, seed: world.seed, simulated },
    ...best.card,
    gate: null,
    audits,
    evidence: evidenceOf({ ...summary, candidates: [best.candidate] }),
  };
}

type ShuffledSummary = Omit<TrainingDocument, "candidates" | "version" | "seconds">;

/** What the training document says of the same rows, but for candidates, version and seconds. */
export function shuffledSummary(rows: ShuffledRows, best: ShuffledResult, world: World): ShuffledSummary {
  const { protocol, label, features, y, users, simulated, audits } = rows;
  const positives = positivesOf(y);
  return {
    protocol,
    leaky: true,
    label: label.name,
    rows: y.length,
    users,
    positives,
    baseRate: positives / y.length,
    churnedUsersInTest: positives,
    tooFewToTell: false,
    cutoffs: [],
    testBlocks: [],
    inGap: 0,
    catchableShare: null,
    wholeLogShare: positives / y.length,
    features,
    rivals: {},
    unseenUsers: null,
    best: { model: best.learner.name, params: best.params },
    ...strongestOf({ ...rows, state: best.fitted.state }, world),
    plots: best.plots,
    gate: null,
    audits,
    simulated,
  };
}

export function positivesOf(y: Uint8Array): number {
  return y.reduce<number>((sum, label) => sum + label, 0);
}
