import { RefrainError } from "../base/errors.js";
import { POINT_IN_TIME_SHAPE } from "../evaluate/splits.js";
import type { TrainOptions } from "../pipeline/train/options.js";
import { type Context, wholeNumber } from "./context.js";

/** Shuffles of the reference system's stability check. */
const SEEDS = 5;

export interface TrainingFlags {
  readonly models?: string;
  readonly search?: string;
  readonly minHistory?: string;
  readonly seeds?: string;
}

/** Training options as the flags say, with the command's seed. Fails with VALUE_BAD. */
export function trainOptions({ models, search, minHistory, seeds }: TrainingFlags, { world }: Context): TrainOptions {
  const { cutoffs } = POINT_IN_TIME_SHAPE;
  const minHistoryDays = wholeNumber("--min-history", minHistory, cutoffs.minHistoryDays);
  return {
    models: (models ?? "logistic").split(",").map((name) => name.trim()),
    search: searchOf(search),
    seeds: wholeNumber("--seeds", seeds, SEEDS),
    shape: { ...POINT_IN_TIME_SHAPE, cutoffs: { ...cutoffs, minHistoryDays, seed: world.seed } },
  };
}

function searchOf(text: string | undefined): TrainOptions["search"] {
  if (text === undefined || text === "grid") return "grid";
  if (text === "none") return "none";
  throw new RefrainError("VALUE_BAD", { name: "--search", value: text, advice: "Choose grid or none." });
}
