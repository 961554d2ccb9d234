import { z } from "zod";
import type { MlflowHttp } from "./http.js";
import type { KeyValue } from "./limits.js";
import { VERSION_TAG, versionTag } from "./runs.js";

const nothing = z.unknown();
const tagSchema = z.object({ key: z.string(), value: z.string().default("") });
const modelSchema = z.object({
  registered_model: z.object({
    name: z.string(),
    tags: z.array(tagSchema).default([]),
    aliases: z.array(z.object({ alias: z.string(), version: z.string() })).default([]),
  }),
});
const versionSchema = z.object({
  name: z.string(),
  version: z.string(),
  current_stage: z.string().optional(),
  tags: z.array(tagSchema).default([]),
});
const createdVersion = z.object({ model_version: versionSchema });
const foundVersions = z.object({ model_versions: z.array(versionSchema).default([]) });

/** Which aliases of the registered model are ours: others gave it theirs, and keep them. */
const OURS_TAG = "refrain.aliases";
const ABOUT =
  "Probability that a listener leaves, by Refrain. Tags and the run of a version say how it was trained and judged.";

interface NewVersion {
  readonly version: string;
  readonly runId: string;
  /** The folder with the MLmodel file. */
  readonly source: string;
  readonly description: string;
  readonly tags: readonly KeyValue[];
}

/** Makes the registered model, where it is not there. */
export async function ensureModel(http: MlflowHttp): Promise<void> {
  const { modelName: name } = http.place;
  const there = await http.callIfAny({
    method: "GET",
    path: "registered-models/get",
    query: { name },
    answer: modelSchema,
  });
  if (there !== null) return;
  const body = { name, description: ABOUT };
  await http.callUnlessKnown({ method: "POST", path: "registered-models/create", body, answer: nothing });
}

/** The number that MLflow gave the version of a run; a new one where it has none. */
export async function numberOf(
  http: MlflowHttp,
  { version, runId, source, description, tags }: NewVersion,
): Promise<string> {
  const [known] = await findNumbers(http, runId);
  if (known !== undefined) return known;
  const { modelName: name } = http.place;
  const body = { name, source, run_id: runId, description, tags: [versionTag(version), ...tags] };
  const path = "model-versions/create";
  const { model_version: made } = await http.call({ method: "POST", path, body, answer: createdVersion });
  return made.version;
}

/** Our versions of a run in the registered model, the first one first. */
export async function findNumbers(http: MlflowHttp, runId: string): Promise<string[]> {
  const query = { filter: `run_id='${runId.replaceAll("'", "")}'`, max_results: "100" };
  const path = "model-versions/search";
  const { model_versions: all } = await http.call({ method: "GET", path, query, answer: foundVersions });
  return all
    .filter(({ name, tags }) => name === http.place.modelName && tags.some(({ key }) => key === VERSION_TAG))
    .map(({ version }) => version)
    .sort((a, b) => Number(a) - Number(b));
}

export async function deleteNumber(http: MlflowHttp, version: string): Promise<void> {
  const body = { name: http.place.modelName, version };
  await http.callIfAny({ method: "DELETE", path: "model-versions/delete", body, answer: nothing });
}

/**
 * Gives the registered model these aliases and takes ours away that it has besides. Others, that somebody gave it there, stay.
 *
 * @param wanted alias → number of a version
 */
export async function mirrorAliases(http: MlflowHttp, wanted: Readonly<Record<string, string>>): Promise<void> {
  const { modelName: name } = http.place;
  const query = { name };
  const { registered_model: there } = await http.call({
    method: "GET",
    path: "registered-models/get",
    query,
    answer: modelSchema,
  });
  const ours = there.tags.find(({ key }) => key === OURS_TAG)?.value.split(",") ?? [];
  const path = "registered-models/alias";
  // Said before it is done, so that an alias given by one who was killed is known as ours.
  const said = [...new Set([...ours, ...Object.keys(wanted)])].filter((alias) => alias !== "");
  if (said.length > ours.length) await sayOurs(http, said);
  for (const { alias } of there.aliases) {
    if (!ours.includes(alias) || Object.hasOwn(wanted, alias)) continue;
    await http.callIfAny({ method: "DELETE", path, body: { name, alias }, answer: nothing });
  }
  for (const [alias, version] of Object.entries(wanted)) {
    if (there.aliases.some((one) => one.alias === alias && one.version === version)) continue;
    await http.call({ method: "POST", path, body: { name, alias, version }, answer: nothing });
  }
  if (said.length > Object.keys(wanted).length) await sayOurs(http, Object.keys(wanted));
}

async function sayOurs(http: MlflowHttp, aliases: readonly string[]): Promise<void> {
  const body = { name: http.place.modelName, key: OURS_TAG, value: aliases.join(",") };
  await http.call({ method: "POST", path: "registered-models/set-tag", body, answer: nothing });
}
