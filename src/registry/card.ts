import { isoOf } from "../base/time.js";
import type { CalibrationGroup } from "../schema/decisions-document.js";
import { labelWords } from "../schema/label-words.js";
import type { ModelCardDocument, ModelEvidence } from "../schema/model-card-document.js";
import type { RegistryEntry } from "./local.js";
import type { ModelFile } from "./model-file.js";

/** Users below whom a group's figures say little. */
const USERS_MIN = 100;

/** The model card of a version (Mitchell et al. 2019), from its file. */
export function cardOfModel(
  model: ModelFile,
  { registeredAt }: Pick<RegistryEntry, "registeredAt">,
): ModelCardDocument {
  const { version, estimator, params, protocol, leaky, label, features, calibrator, threshold, riskLevels } = model;
  const { throughMs, ...training } = model.training;
  const evidence = model.evidence ?? null;
  return {
    version,
    estimator,
    params,
    protocol,
    leaky,
    label: label.name,
    registeredAt,
    features: features.length,
    calibration: calibrator.kind,
    threshold,
    riskLevels,
    training: { ...training, through: throughMs === null ? null : isoOf(throughMs) },
    metrics: model.metrics,
    intervals: model.intervals,
    gate: model.gate,
    audits: model.audits,
    evidence,
    limits: [...limitsOfModel(model), ...(evidence === null ? [] : limitsOfEvidence(evidence, label.name))],
  };
}

function limitsOfModel({ leaky, audits, training, protocol }: ModelFile): string[] {
  return [
    leaky &&
      `Its protocol (${protocol}) lets the future into the features or the folds: its figures are no forecast, and it never serves.`,
    audits?.verdict === "failed" && "It failed an audit, and may not be promoted.",
    audits?.verdict === "inconclusive" && "An audit could not tell: there were too few users.",
    audits === null && "It was not audited.",
    training.simulated && "Events behind it come from refrain simulate: nothing of it is a figure from the world.",
  ].filter((limit) => limit !== false);
}

function limitsOfEvidence(evidence: ModelEvidence, label: string): string[] {
  const { verb, third, nouns } = labelWords(label);
  const { tooFewToTell, churnedUsersInTest, rules, catchableShare, unseenUsers, calibration, survival } = evidence;
  const groups = Object.entries(calibration?.groups ?? {}).flatMap(([grouping, own]) =>
    own.map((group) => ({ ...group, name: `${grouping} ${group.group}` })),
  );
  const small = groups.filter(({ users, group }) => users < USERS_MIN && group !== "other").map(({ name }) => name);
  return [
    tooFewToTell && `Too few to tell: only ${churnedUsersInTest} users who ${verb} were in the test blocks.`,
    rules !== undefined &&
      `It speaks of ${rules.paidOnly === true ? "paying " : ""}users with ${rules.minHistoryDays} days of history and an event in the last ${rules.activeWithinDays} days, and of whether a user ${third} between ${rules.gapDays} and ${rules.gapDays + rules.horizonDays} days ahead; of nobody and nothing else.`,
    typeof catchableShare === "number" &&
      `${percent(1 - catchableShare)} of the ${nouns} in its log lie in no snapshot's horizon: no score could have told of them.`,
    unseenUsers === null &&
      rules !== undefined &&
      "No test row was of a user it had never seen: how it does on new users is not known.",
    ...groups
      .filter(isOff)
      .map(
        ({ name, predicted, observed, low, high }) =>
          `Of ${name} it predicts ${percent(predicted)} where ${percent(observed)} ${verb} (95% interval ${percent(low)} to ${percent(high)}).`,
      ),
    survival != null &&
      `Expected days left are of the next ${survival.capDays} days: nobody is expected to stay longer, and what comes after is not known.`,
    survival != null &&
      survival.intervals.brierSkill.low <= 0 &&
      "Its survival curves were not shown to be better than the same curve for all: use days left to rank users, not as days.",
    small.length > 0 && `Fewer than ${USERS_MIN} test users, so that little is known: ${small.join(", ")}.`,
    "Acting on its scores changes what happens next: figures are of users nobody contacted because of it.",
  ].filter((limit) => limit !== false);
}

function isOff({ predicted, low, high }: CalibrationGroup): boolean {
  return predicted < low || predicted > high;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)}%`;
}
