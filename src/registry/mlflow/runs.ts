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

/** The run of a version: the one that is there, whole or not, else a new one. */
export async function runOf(http: MlflowHttp, { experiment, version, startMs, tags }: NewRun): Promise<Run> {
  const [known] = await findRuns(http, experiment, version);
  if (known !== undefined) return known;
  const body = {
    experiment_id: experiment,
    run_name: version,
    start_time: startMs,
    tags: [versionTag(version), ...tags],
  };
  const { run } = await http.call({ method: "POST", path: "runs/create", body, answer: created });
  return asRun(run);
}

/** The runs of a version: those that are whole first, those that were deleted last. */
export async function findRuns(http: MlflowHttp, experiment: string, version: string): Promise<Run[]> {
  const body = {
    experiment_ids: [experiment],
    filter: `tags.\`${VERSION_TAG}\` = '${versionTag(version).value}'`,
    run_view_type: "ALL",
    max_results: 100,
  };
  const { runs } = await http.call({ method: "POST", path: "runs/search", body, answer: searched });
  const rank = ({ isFinished, isDeleted }: Run) => (isDeleted ? 2 : isFinished ? 0 : 1);
  return runs.map(asRun).sort((a, b) => rank(a) - rank(b) || (a.runId < b.runId ? -1 : 1));
}

export async function deleteRun(http: MlflowHttp, runId: string): Promise<void> {
  await http.callIfAny({ method: "POST", path: "runs/delete", body: { run_id: runId }, answer: nothing });
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
