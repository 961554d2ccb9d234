import { isoOf } from "../base/time.js";
import type { World } from "../base/world.js";
import { loadModel, modelPath } from "../registry/local.js";
import type { ModelFile } from "../registry/model-file.js";
import type { PredictionDocument } from "../schema/documents.js";
import type { UserId } from "../schema/user-id.js";
import { openSnapshots } from "./kept/from-states.js";
import { predict } from "./predict.js";
import { predictRow } from "./scoring.js";

/** A model with everyone's scores at the end of the data, in memory. */
export interface Scorer {
  readonly model: ModelFile;
  readonly uri: string;
  readonly registeredAt: string;
  readonly asOf: string;
  readonly freshThrough: string;
  scoreUser(id: UserId): PredictionDocument | null;
  scoreFeatures(values: Readonly<Record<string, number | null>>): PredictionDocument;
}

/** Loads the champion and scores every known user. Fails with NO_MODEL, NO_DATA or MODEL_BROKEN. */
export async function openScorer(home: string, world: World): Promise<Scorer> {
  const { model, entry } = loadModel(home);
  const source = await openSnapshots(home, null, world);
  const { asOf, users } = await predict(source, model, { users: source.users, at: null }, world);
  const byUser = new Map(users.map((user) => [user.user_id, user]));
  return {
    model,
    uri: modelPath(home, model.version),
    registeredAt: entry.registeredAt,
    asOf,
    freshThrough: isoOf(source.lastTsMs),
    scoreUser: (id) => byUser.get(id) ?? null,
    scoreFeatures: (values) =>
      predictRow(
        model,
        Float64Array.from(model.features, (name) => values[name] ?? Number.NaN),
        { user: "", atRisk: true },
      ),
  };
}
