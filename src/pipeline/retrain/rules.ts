import type { Config, Settings } from "../../schema/config.js";
import type { CandidateRule } from "./make.js";
import type { RetrainRule } from "./retrain.js";

/** When to retrain and what a candidate must show, as the configuration says. */
export function retrainRuleOf(settings: Settings, config: Config): RetrainRule {
  return {
    everyDays: settings.retrainEveryDays,
    pauseDays: settings.retrainPauseDays,
    floors: {
      rocAuc: config.retrainFloorAuc ?? null,
      liftAt10: config.retrainFloorLift ?? null,
      f1: config.retrainFloorF1 ?? null,
    },
    promotion: settings.retrainRule,
    positivesMin: settings.retrainPositives,
  };
}

/** How candidates are trained, as the configuration says. */
export function candidateRuleOf(settings: Settings, config: Config): CandidateRule {
  const { retrainSearch: search, retrainTrailingDays: trailingDays } = settings;
  const models = config.retrainModels?.split(",").map((name) => name.trim()) ?? null;
  return { models, search, trailingDays };
}
