import type { Command } from "commander";
import { RefrainError } from "../../base/errors.js";
import { syncNow } from "../../pipeline/mlflow/attempts.js";
import type { SyncDocument } from "../../pipeline/mlflow/sync.js";
import { MlflowHttp } from "../../registry/mlflow/http.js";
import { mlflowOf, PRODUCER } from "../mlflow.js";
import type { Act } from "../register.js";

/** `models sync`: MLflow gets what it lacks of the registry. */
export function addSyncCommand(models: Command, act: Act): void {
  models
    .command("sync")
    .description("send MLflow (MLFLOW_TRACKING_URI) what it lacks: versions and aliases; safe to repeat")
    .action(
      act(async (context) => {
        const { home, world, answer } = context;
        const place = mlflowOf(context);
        if (place === null) {
          const reason = "models sync needs MLFLOW_TRACKING_URI, the address of an MLflow server";
          throw new RefrainError("USAGE", { reason });
        }
        const http = new MlflowHttp(place, fetch, world.signal as AbortSignal);
        const options = { http, producer: PRODUCER, command: "models sync", thorough: true };
        const document = await syncNow(home, options, world);
        answer(document, textOf(document));
        return undefined;
      }),
    );
}

function textOf({ address, experiment, model, there, aliases }: SyncDocument): string {
  const named = Object.entries(aliases).map(([alias, number]) => `  ${alias}  ${model} version ${number}`);
  return [`${address}, experiment ${experiment}: all ${there} versions are there.`, ...named].join("\n");
}
