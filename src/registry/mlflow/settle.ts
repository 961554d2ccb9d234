import type { MlflowHttp } from "./http.js";
import { deleteNumber, findNumbers } from "./registered-model.js";
import { deleteRun, findRuns } from "./runs.js";

/**
 * Leaves one run of a version, a whole one, and one version of the registered model of it. There can be more where a server did what
 * it was asked only after we had given up waiting, or where two of us sent the same at once: whoever is last sees them all.
 */
export async function settle(http: MlflowHttp, experiment: string, version: string): Promise<void> {
  const runs = (await findRuns(http, experiment, version)).filter(({ isDeleted }) => !isDeleted);
  for (const [place, { runId }] of runs.entries()) {
    const isKept = place === 0;
    const numbers = await findNumbers(http, runId);
    for (const number of numbers.slice(isKept ? 1 : 0)) await deleteNumber(http, number);
    if (!isKept) await deleteRun(http, runId);
  }
}
