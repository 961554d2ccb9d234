import { RefrainError } from "../../base/errors.js";
import type { World } from "../../base/world.js";
import { barOf } from "../../registry/bar.js";
import { entryOf } from "../../registry/index-file.js";
import { aliasesOf, type RegistryIndex, readIndex } from "../../registry/local.js";
import { experimentId } from "../../registry/mlflow/experiments.js";
import type { MlflowHttp } from "../../registry/mlflow/http.js";
import type { MlflowPlace } from "../../registry/mlflow/place.js";
import { mirrorAliases } from "../../registry/mlflow/registered-model.js";
import { type Receipts, readReceipts, writeReceipts } from "./receipts.js";
import { uploadVersion } from "./upload-version.js";

export interface SyncDocument {
  readonly address: string;
  readonly experiment: string;
  readonly model: string;
  /** Versions that MLflow got now. */
  readonly uploaded: readonly string[];
  /** Versions of the registry that it has. */
  readonly there: number;
  /** Alias → the version's number in the registered model. */
  readonly aliases: Readonly<Record<string, string>>;
}

interface SyncOptions {
  readonly http: MlflowHttp;
  /** What calls itself the source of a run. */
  readonly producer: string;
  /** Whether to ask MLflow of versions that it is known to have, too. */
  readonly thorough: boolean;
}

export const targetOf = ({ address, experiment, modelName }: MlflowPlace): string =>
  `${address} ${experiment} ${modelName}`;

/** Whether MLflow is known to have all that the registry says. */
export function isMirrored(home: string, place: MlflowPlace): boolean {
  const index = readIndex(home);
  const { done, aliases } = readReceipts(home, targetOf(place));
  return isSame(aliasesThere(index, done), aliases) && index.versions.every(({ version }) => version in done);
}

/**
 * Makes MLflow say what the registry says: every version as a run, honest ones as versions of the registered model, and the aliases. It
 * goes on where it was broken off. A version that cannot be sent does not hold up the others, and is told at the end. Throws
 * `MLFLOW_AWAY`, `MLFLOW_REFUSED`, `MODEL_BROKEN`. One at a time: see `syncNow`.
 */
export async function syncMlflow(
  home: string,
  { http, producer, thorough }: SyncOptions,
  world: World,
): Promise<SyncDocument> {
  const { place } = http;
  const index = readIndex(home);
  let receipts = readReceipts(home, targetOf(place));
  const note = (more: Partial<Receipts>): void => {
    receipts = { ...receipts, ...more };
    writeReceipts(home, receipts);
  };
  if (thorough) note({ done: {}, aliases: {} });
  const waiting = index.versions.filter(({ version }) => !(version in receipts.done));
  const uploaded: string[] = [];
  let failure: RefrainError | null = null;
  const experiment = waiting.length === 0 ? "" : await experimentId(http);
  for (const entry of waiting) {
    try {
      const number = await uploadVersion(http, home, { entry, experiment, producer });
      note({ done: { ...receipts.done, [entry.version]: number } });
      uploaded.push(entry.version);
    } catch (error) {
      if (!(error instanceof RefrainError) || error.code === "MLFLOW_AWAY") throw error;
      failure ??= error;
      world.log.debug(`${entry.version}: ${error.message}`);
    }
  }
  const aliases = aliasesThere(index, receipts.done);
  if (!isSame(aliases, receipts.aliases)) {
    await mirrorAliases(http, aliases).catch((error: unknown) => {
      // It lacks what it had: the next time it is asked what it has.
      if (error instanceof RefrainError && error.code === "MLFLOW_REFUSED") note({ done: {}, aliases: {} });
      throw error;
    });
    note({ aliases });
  }
  if (failure !== null) throw failure;
  const { address, experiment: name, modelName: model } = place;
  return { address, experiment: name, model, uploaded, there: Object.keys(receipts.done).length, aliases };
}

/** The aliases of versions that MLflow has; a model that is barred from serving is nobody's champion there either. */
function aliasesThere(index: RegistryIndex, done: Receipts["done"]): Record<string, string> {
  return Object.fromEntries(
    Object.entries(aliasesOf(index)).flatMap(([alias, version]) => {
      const number = done[version] ?? null;
      if (number === null || (alias === "champion" && isBarred(index, version))) return [];
      return [[alias, number]];
    }),
  );
}

function isBarred(index: RegistryIndex, version: string): boolean {
  const { protocol, leaky, verdict } = entryOf(index, version);
  return barOf({ protocol, leaky, audits: verdict === null ? null : { verdict } }) !== null;
}

function isSame(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}
