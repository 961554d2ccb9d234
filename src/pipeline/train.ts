import { join } from "node:path";
import { RefrainError } from "../base/errors.js";
import type { World } from "../base/world.js";
import { keepTraining } from "../registry/kept-training.js";
import { mayBePromoted, promoteModel, readIndex, registerModel } from "../registry/local.js";
import { labelOfVersion, versioned } from "../registry/model-file.js";
import { keepReference } from "../registry/reference-file.js";
import type { TrainingDocument } from "../schema/documents.js";
import type { EventColumns } from "../schema/event-columns.js";
import { waitForHomeLock } from "../store/home-lock.js";
import type { TrainOptions } from "./train/options.js";
import { pause } from "./train/pause.js";
import { type Trained, trainPointInTime } from "./train/point-in-time.js";
import { journalsIn } from "./train/search/journal.js";
import { trainWholeHistory } from "./train/whole-history.js";

export type Protocol = "point-in-time" | "whole-history";

const PROTOCOLS = {
  "point-in-time": trainPointInTime,
  "whole-history": trainWholeHistory,
} as const satisfies Record<Protocol, (columns: EventColumns, options: TrainOptions, world: World) => Promise<Trained>>;

/**
 * Trains by a protocol and registers the result. An honest model whose audits did not fail becomes the one that serves,
 * unless what serves predicts another label. Fails with LABELS_TOO_FEW, SPAN_TOO_SHORT or LABEL_UNFIT.
 */
export async function train(
  {
    home,
    columns,
    protocol,
    options,
  }: { home: string; columns: EventColumns; protocol: Protocol; options: TrainOptions },
  world: World,
): Promise<TrainingDocument> {
  const started = world.now();
  const journals = journalsIn(join(home, "search"));
  const { document, model, reference } = await PROTOCOLS[protocol](columns, { ...options, journals }, world);
  await pause(world);
  const made = versioned(model);
  const { version, serves } = await waitForHomeLock(home, "train", async () => {
    keepTraining(home, { ...document, version: made.version, seconds: (world.now() - started) / 1000 });
    const { version } = registerModel(home, made, world);
    if (reference !== undefined) keepReference(home, version, reference);
    const { champion } = readIndex(home);
    const ofLabel = champion === null || labelOfVersion(champion) === model.label.name;
    if (ofLabel && mayBePromoted(home, version)) promoteModel(home, version);
    return { version, serves: readIndex(home).champion === version };
  });
  journals.clear();
  return { ...document, version, serves, seconds: (world.now() - started) / 1000 };
}

/** Why a trained model does not serve, if it does not. */
export function barredBy({ leaky, audits, version }: TrainingDocument): RefrainError | null {
  if (leaky || audits?.verdict !== "failed") return null;
  return new RefrainError("AUDIT_FAILED", { version: version ?? "", reason: failedAudits(audits).join(", ") });
}

/** Names of the audits that failed. */
export function failedAudits(audits: object): string[] {
  return Object.entries(audits).flatMap(([name, audit]: [string, { readonly verdict?: unknown } | null]) =>
    audit?.verdict === "failed" ? [name] : [],
  );
}
