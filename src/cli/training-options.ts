import type { Command } from "commander";
import { RefrainError } from "../base/errors.js";
import { RESAMPLES, type Resample } from "../evaluate/resampled.js";
import { SEARCHES } from "../evaluate/search/settings.js";
import { POINT_IN_TIME_SHAPE } from "../evaluate/splits.js";
import type { Label } from "../labels/label.js";
import { LABELS } from "../labels/labels.js";
import { ESTIMATOR_NAMES } from "../models/registered.js";
import type { TrainOptions } from "../pipeline/train/options.js";
import { isLabelName } from "../schema/label-words.js";
import { type Context, wholeNumber } from "./context.js";
import { addDecisionOptions, type DecisionFlags, decisionOptions } from "./decision-options.js";

export interface TrainingFlags extends DecisionFlags {
  readonly label?: string;
  readonly inactivityDays?: string;
  readonly models?: string;
  readonly search?: string;
  readonly minHistory?: string;
  readonly seeds?: string;
  readonly resample?: string;
  readonly budget?: string;
}

/** What the help says of `--label`. */
export const LABEL_CHOICE = "cancellation (default), downgrade or inactivity";

/**
 * Adds the options that every command which trains has.
 *
 * @param label what the help says of `--label` where it says more than `LABEL_CHOICE`
 */
export function addTrainingOptions(command: Command, label: string = LABEL_CHOICE): Command {
  return addDecisionOptions(command)
    .option("--label <name>", label)
    .option("--inactivity-days <n>", "days of silence that make a user inactive (default: 14)")
    .option("--models <list>", `candidates, separated by commas: ${ESTIMATOR_NAMES.join(", ")} (default: logistic)`)
    .option("--search <kind>", "grid, random, halving, or none for the models' defaults (default: grid)")
    .option("--budget <seconds>", "time for all searches together; how many settings ran is recorded (default: no end)")
    .option("--resample <kind>", "none, or smote: synthetic churned rows, inside training folds only (default: none)")
    .option("--min-history <days>", "days since the first event a user must have to be scored, from 1 (default: 7)");
}

/** Training options as the flags say, with the command's seed. Fails with VALUE_BAD. */
export function trainOptions(flags: TrainingFlags, { world, config }: Context): TrainOptions {
  const { models, search, minHistory, seeds, resample, budget } = flags;
  const { cutoffs } = POINT_IN_TIME_SHAPE;
  const label = labelOf(flags);
  const minHistoryDays = days("--min-history", minHistory) ?? cutoffs.minHistoryDays;
  return {
    models: (models ?? "logistic").split(",").map((name) => name.trim()),
    search: searchOf(search),
    seeds: seeds === undefined ? null : wholeNumber("--seeds", seeds, 0),
    resample: resampleOf(resample),
    budgetSeconds: budget === undefined ? null : wholeNumber("--budget", budget, 0),
    label,
    decisions: decisionOptions(flags, config),
    shape: {
      ...POINT_IN_TIME_SHAPE,
      horizon: label.window,
      cutoffs: { ...cutoffs, minHistoryDays, seed: world.seed },
    },
  };
}

function labelOf({ label: name = "cancellation", inactivityDays: text }: TrainingFlags): Label {
  if (!isLabelName(name)) {
    const advice = `Choose ${Object.keys(LABELS).join(", ")}.`;
    throw new RefrainError("VALUE_BAD", { name: "--label", value: name, advice });
  }
  const inactivityDays = days("--inactivity-days", text);
  if (inactivityDays === undefined) return LABELS[name]({});
  if (name !== "inactivity") {
    const advice = "Give it with --label inactivity, or leave it out.";
    throw new RefrainError("VALUE_BAD", { name: "--inactivity-days", value: `set for ${name}`, advice });
  }
  return LABELS[name]({ inactivityDays });
}

/** A whole number of days from 1. */
function days(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = wholeNumber(name, text, 0);
  if (value >= 1) return value;
  throw new RefrainError("VALUE_BAD", { name, value, advice: "Give a whole number of days from 1." });
}

function resampleOf(text = "none"): Resample {
  const found = RESAMPLES.find((resample) => resample === text);
  if (found !== undefined) return found;
  throw new RefrainError("VALUE_BAD", { name: "--resample", value: text, advice: `Choose ${RESAMPLES.join(", ")}.` });
}

function searchOf(text: string | undefined): TrainOptions["search"] {
  const found = SEARCHES.find((search) => search === (text ?? "grid"));
  if (found !== undefined) return found;
  throw new RefrainError("VALUE_BAD", {
    name: "--search",
    value: text ?? "",
    advice: `Choose ${SEARCHES.join(", ")}.`,
  });
}
