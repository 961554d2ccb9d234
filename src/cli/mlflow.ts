import type { World } from "../base/world.js";
import { attemptSync } from "../pipeline/mlflow/attempts.js";
import { MlflowHttp } from "../registry/mlflow/http.js";
import { type MlflowPlace, mlflowPlace } from "../registry/mlflow/place.js";
import { settingsOf } from "../schema/config.js";
import { VERSION } from "../server/version.js";
import type { Context } from "./context.js";

type Where = Pick<Context, "home" | "world" | "config">;

export const PRODUCER = `refrain ${VERSION}`;
/** A command that has done its work does not wait longer for a server: serve and models sync go on. */
const PATIENCE_MS = 60_000;

/** Where MLflow is, null where `MLFLOW_TRACKING_URI` names none. Asked before hours of training, so that a slip is told before. Fails with VALUE_BAD. */
export function mlflowOf({ config }: Pick<Context, "config">): MlflowPlace | null {
  const { mlflowExperiment: experiment, mlflowModel: modelName } = settingsOf(config);
  return mlflowPlace(process.env, { experiment, modelName });
}

/** Tells MLflow what a command changed. Whatever comes of it, the command has done its work: what fails is said, and waits. */
export async function tellMlflow({ home, world, config }: Where, command: string): Promise<void> {
  const place = mlflowOf({ config });
  if (place === null) return;
  const signal = AbortSignal.any([world.signal as AbortSignal, AbortSignal.timeout(PATIENCE_MS)]);
  const http = new MlflowHttp(place, fetch, signal);
  world.log.debug(`Telling MLflow at ${place.address}`);
  const attempt = await attemptSync(home, { http, producer: PRODUCER, command, isUrgent: true }, world);
  if (attempt.state === "done" && attempt.document.uploaded.length > 0) {
    world.log.info(`MLflow at ${place.address} has ${attempt.document.uploaded.join(", ")}`);
  }
  if (attempt.state === "failed") world.log.warn(`${attempt.error.message} ${attempt.error.hint}`);
}

/** Sends what MLflow lacks, and says what came of it: a failure once, not each time that it fails so again. */
export async function mirrorToMlflow(home: string, place: MlflowPlace, world: World): Promise<void> {
  const http = new MlflowHttp(place, fetch, world.signal as AbortSignal);
  const attempt = await attemptSync(home, { http, producer: PRODUCER, command: "serve" }, world);
  if (attempt.state === "done") world.log.info(`MLflow at ${place.address} has all that the registry has`);
  if (attempt.state === "failed" && !attempt.isKnown) world.log.warn(`${attempt.error.message} ${attempt.error.hint}`);
}
