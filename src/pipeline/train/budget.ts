import type { World } from "../../base/world.js";
import type { CandidateOptions } from "./options.js";

/** When the search of the model that starts now is out of time, ms of the world's clock: every model has the same share of the budget. */
export function untilOf({ budgetSeconds = null, models }: CandidateOptions, world: World): number | null {
  return budgetSeconds === null ? null : world.now() + (budgetSeconds * 1000) / models.length;
}
