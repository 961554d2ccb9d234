import { z } from "zod";
import { RefrainError } from "../../base/errors.js";
import type { MlflowHttp } from "./http.js";

const found = z.object({ experiment: z.object({ experiment_id: z.string(), lifecycle_stage: z.string() }) });
const created = z.object({ experiment_id: z.string() });

/** The id of our experiment, which is made where there is none. Throws `MLFLOW_AWAY`, `MLFLOW_REFUSED` where somebody deleted it. */
export async function experimentId(http: MlflowHttp): Promise<string> {
  const { experiment: name, address } = http.place;
  const one = await findExperiment(http, name);
  if (one === null) {
    const made = await http.callUnlessKnown({
      method: "POST",
      path: "experiments/create",
      body: { name },
      answer: created,
    });
    return made?.experiment_id ?? experimentId(http);
  }
  if (one.lifecycle_stage === "active") return one.experiment_id;
  const reason = `its experiment ${name} is deleted: restore it there, or set REFRAIN_MLFLOW_EXPERIMENT`;
  throw new RefrainError("MLFLOW_REFUSED", { address, reason });
}

async function findExperiment(http: MlflowHttp, name: string) {
  const path = "experiments/get-by-name";
  const answer = await http.callIfAny({ method: "GET", path, query: { experiment_name: name }, answer: found });
  return answer?.experiment ?? null;
}
