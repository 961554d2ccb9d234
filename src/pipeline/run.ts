import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { ERRORS, type ErrorCode, RefrainError } from "../base/errors.js";
import type { World } from "../base/world.js";
import { loadModel, modelPath } from "../registry/local.js";
import { renderReport } from "../report/report.js";
import type { RunDocument, ScoresDocument, SkippedDocument, TrainingDocument } from "../schema/documents.js";
import type { EventColumns } from "../schema/event-columns.js";
import { writeAtomically } from "../store/atomic-file.js";
import { explore } from "./explore.js";
import { snapshotFile } from "./features.js";
import type { IngestOptions } from "./ingest.js";
import { load } from "./load.js";
import { predict } from "./predict.js";
import type { TrainOptions } from "./train/options.js";
import { barredBy, train } from "./train.js";

export interface RunOptions {
  readonly paths: readonly string[];
  readonly ingest: IngestOptions;
  readonly training: TrainOptions;
  /** A truth file, when the log is simulated: recovery is then measured. */
  readonly truth: string | null;
}

/** Failures after which everything else is still done and kept. */
const KEPT_GOING: readonly ErrorCode[] = [
  "LABELS_TOO_FEW",
  "SPAN_TOO_SHORT",
  "AUDIT_FAILED",
  "SINGLE_CLASS",
  "LABEL_UNFIT",
  "NO_MODEL",
];

/** The main job: ingest, recover, train, audit, score, report. Where no honest model can be had, the rest is done and kept. */
export async function run(home: string, options: RunOptions, world: World): Promise<RunDocument> {
  const started = world.now();
  const given = { ...options.ingest, truth: options.truth };
  const { ingest, recovery, columns } = await load(home, options.paths, given, world);
  const explored = await explore(home, world);
  const training = await orSkipped(() =>
    train({ home, columns, protocol: "point-in-time", options: options.training }, world),
  );
  const wholeHistory = await orSkipped(() =>
    train({ home, columns, protocol: "whole-history", options: options.training }, world),
  );
  const scores = await orSkipped(() => scoreAll(home, columns, training, world));
  const files = {
    lake: join(home, "lake"),
    ...("version" in training && training.version !== null ? { model: modelPath(home, training.version) } : {}),
    features: join(home, "reports", "features.parquet"),
    report: join(home, "reports", "report.html"),
    scores: join(home, "reports", "scores.json"),
    run: join(home, "reports", "run.json"),
  };
  await snapshotFile(columns, { out: files.features, cutoffs: { at: null }, allUsers: true }, world);
  const document: RunDocument = {
    home,
    label: options.training.label.name,
    ingest,
    recovery,
    explore: explored,
    training,
    wholeHistory,
    audits: "skipped" in training ? null : training.audits,
    scores,
    files,
    simulated: columns.simulated,
    seconds: (world.now() - started) / 1000,
  };
  keep(document);
  return document;
}

function keep(document: RunDocument): void {
  const { report, scores, run: runFile } = document.files;
  mkdirSync(join(document.home, "reports"), { recursive: true });
  if (report !== undefined) writeAtomically(report, renderReport(document));
  if (scores !== undefined) writeAtomically(scores, `${JSON.stringify(document.scores)}\n`);
  if (runFile !== undefined) writeAtomically(runFile, `${JSON.stringify(document)}\n`);
}

/** The exit code of a run: that of the reason why no model serves, else 3 when a log was not read whole, else 0. */
export function exitOf({ ingest: { files = [] }, training, scores }: RunDocument): number {
  const skipped = "skipped" in training ? training.skipped : "skipped" in scores ? scores.skipped : null;
  if (skipped !== null) return new RefrainError(skipped.code as ErrorCode).exit;
  return files.some(({ error }) => error !== undefined) ? ERRORS.FILE_UNREADABLE.exit : 0;
}

async function scoreAll(
  home: string,
  columns: EventColumns,
  training: TrainingDocument | SkippedDocument,
  world: World,
): Promise<ScoresDocument | SkippedDocument> {
  if ("skipped" in training) return training;
  const barred = barredBy(training);
  if (barred !== null) throw barred;
  world.log.info("Scoring everyone at risk");
  return predict(columns, loadModel(home, training.version).model, { users: null, at: null }, world);
}

async function orSkipped<T>(work: () => Promise<T>): Promise<T | SkippedDocument> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof RefrainError) || !KEPT_GOING.includes(error.code)) throw error;
    return { skipped: { code: error.code, message: error.message, hint: error.hint } };
  }
}
