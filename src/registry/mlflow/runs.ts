import { z } from "zod";
import type { MlflowHttp } from "./http.js";
import { BATCH, inParts, type KeyValue } from "./limits.js";

/** The tag by which a run, and a version of a registered model, is found again. */
export const VERSION_TAG = "refrain.version";

/** Of a label that came with a table, what a filter of MLflow can hold; the digits of a version tell it from others anyway. */
export function versionTag(version: string): KeyValue {
  return { key: VERSION_TAG, value: version.replace(/[^\w-]/g, "_") };
}

const runSchema = z.object({
  info: z.object({
    run_id: z.string(),
    status: z.string(),
    artifact_uri: z.string(),
    lifecycle_stage: z.string(),
  }),
});
const searched = z.object({ runs: z.array(runSchema).default([]) });
const created = z.object({ run: runSchema });
const nothing = z.unknown();

export interface Run {
  readonly runId: string;
  readonly isFinished: boolean;
  /** Somebody deleted it there: it is to stay so. */
  readonly isDeleted: boolean;
  readonly artifactUri: string;
}

export interface Metric {
  readonly key: string;
  readonly value: number;
  readonly step: number;
}

interface NewRun {
  readonly experiment: string;
  readonly version: string;
  readonly startMs: number;
  readonly tags: readonly KeyValue[];
}

/**
 * The run of a version: the one that is there, else a new one. Where two were made at once, by two of us, both keep the same one and the
 * other is deleted.
 */
export async function runOf(http: MlflowHttp, { experiment, version, startMs, tags }: NewRun): Promise<Run> {
  const known = await findRun(http, experiment, version);
  if (known !== null) return known;
  const body = {
    experiment_id: experiment,
    run_name: version,
    start_time: startMs,
    tags: [versionTag(version), ...tags],
  };
  const { run } = await http.call({ method: "POST", path: "runs/create", body, answer: created });
  const kept = (await findRun(http, experiment, version)) ?? asRun(run);
  if (kept.runId !== run.info.run_id) {
    await http.call({ method: "POST", path: "runs/delete", body: { run_id: run.info.run_id }, answer: nothing });
  }
  return kept;
}

async function findRun(http: MlflowHttp, experiment: string, version: string): Promise<Run | null> {
  const body = {
    experiment_ids: [experiment],
    filter: `tags.\`${VERSION_TAG}\` = '${versionTag(version).value}'`,
    run_view_type: "ALL",
    max_results: 100,
  };
  const { runs } = await http.call({ method: "POST", path: "runs/search", body, answer: searched });
  const all = runs.map(asRun).sort((a, b) => (a.runId < b.runId ? -1 : 1));
  return (
    all.find(({ isFinished, isDeleted }) => isFinished && !isDeleted) ??
    all.find((run) => !run.isDeleted) ??
    all[0] ??
    null
  );
}

function asRun({ info }: z.infer<typeof runSchema>): Run {
  return {
    runId: info.run_id,
    isFinished: info.status === "FINISHED",
    isDeleted: info.lifecycle_stage === "deleted",
    artifactUri: info.artifact_uri,
  };
}

interface Logged {
  readonly params: readonly KeyValue[];
  readonly metrics: readonly Metric[];
  readonly tags: readonly KeyValue[];
  /** Of all metrics: the same again is then no second measurement. */
  readonly timestamp: number;
}

/** Logs what a run says, in batches as large as may be. */
export async function logRun(
  http: MlflowHttp,
  runId: string,
  { params, metrics, tags, timestamp }: Logged,
): Promise<void> {
  const bodies = [
    ...inParts(params, BATCH.params).map((part) => ({ params: part })),
    ...inParts(tags, BATCH.tags).map((part) => ({ tags: part })),
    ...inParts(metrics, BATCH.metrics).map((part) => ({ metrics: part.map((one) => ({ ...one, timestamp })) })),
  ];
  for (const body of bodies) {
    await http.call({ method: "POST", path: "runs/log-batch", body: { run_id: runId, ...body }, answer: nothing });
  }
}

/** The last that is done to a run: whoever finds it finished need not look any further. */
export async function finishRun(http: MlflowHttp, runId: string, endMs: number): Promise<void> {
  const body = { run_id: runId, status: "FINISHED", end_time: endMs };
  await http.call({ method: "POST", path: "runs/update", body, answer: nothing });
}
