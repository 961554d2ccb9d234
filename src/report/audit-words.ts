import type {
  AdversarialDocument,
  AuditsDocument,
  NullAucDocument,
  OneFeatureDocument,
  TrainingDocument,
  Verdict,
} from "../schema/documents.js";
import { count, counted, interval, score } from "./format.js";

/** One audit: what was tried, what came of it, and what that means. */
export interface AuditLine {
  readonly name: string;
  /** Null for what is reported without a verdict. */
  readonly verdict: Verdict | null;
  readonly finding: string;
}

type Audits = NonNullable<TrainingDocument["audits"]>;

/** The audits of a training; one of an older Refrain, or of the leaky recipe, has fewer. */
export function auditLines(audits: Audits): readonly AuditLine[] {
  const lines: AuditLine[] = [
    { name: "Placebo churn", verdict: audits.placebo.verdict, finding: placeboFinding(audits.placebo) },
  ];
  if ("permutedLabels" in audits) lines.push(permutedLine(audits.permutedLabels));
  if ("futureShuffle" in audits) lines.push(futureLine(audits.futureShuffle));
  if ("oneFeature" in audits) lines.push(oneFeatureLine(audits.oneFeature));
  if ("adversarial" in audits && audits.adversarial !== null) lines.push(adversarialLine(audits.adversarial));
  return lines;
}

const PLACEBO_MEANS = {
  passed: "nothing was found where there was nothing to find",
  inconclusive: "the interval is too wide to say whether something was found where there was nothing",
  failed: "a score was found where there was nothing to find, so it comes of the recipe and not of the users",
} as const satisfies Record<Verdict, string>;

export function placeboFinding(placebo: NullAucDocument): string {
  const { verdict } = placebo;
  return `Users to whom it never happened were given made-up times: ${measured(placebo)}; ${PLACEBO_MEANS[verdict]}.`;
}

function permutedLine(found: NullAucDocument): AuditLine {
  const { verdict } = found;
  const finding = `Users were dealt the fates of others: ${measured(found)}; ${PLACEBO_MEANS[verdict]}.`;
  return { name: "Permuted labels", verdict, finding };
}

function measured(found: NullAucDocument): string {
  return `AUC ${score(found.auc)} (99.9% interval ${interval(found)}, ${counted(found.draws, "draw")})`;
}

function futureLine({
  cutoffs,
  rowsAltered,
  featuresChanged,
  trainingUnchanged,
  modelsUnchanged,
  verdict,
}: AuditsDocument["futureShuffle"]) {
  const tried = `${counted(rowsAltered, "row")} after ${counted(cutoffs.length, "training horizon")} altered`;
  const features =
    featuresChanged.length === 0
      ? "no feature changed"
      : `${count(featuresChanged.length)} changed (${featuresChanged.slice(0, 5).join(", ")})`;
  const rows = trainingUnchanged ? "the rows learned from kept every byte" : "rows learned from changed";
  const models = modelsUnchanged ? "so did the models fitted again" : "a model fitted again changed";
  return { name: "Future shuffle", verdict, finding: `${tried}: ${features}, ${rows}, ${models}.` };
}

function oneFeatureLine({ feature, auc, features, alarms, verdict }: OneFeatureDocument): AuditLine {
  const found =
    alarms.length > 0
      ? `${alarms
          .slice(0, 3)
          .map((alarm) => `${alarm.feature} alone has AUC ${score(alarm.auc)}`)
          .join(", ")}: it knows the outcome rather than foretells it`
      : `of ${counted(features, "feature")}, ${feature ?? "none"} alone tells most (AUC ${score(auc)}); the alarm is outside 0.15 – 0.85`;
  return { name: "One feature", verdict, finding: `${found[0]?.toUpperCase()}${found.slice(1)}.` };
}

function adversarialLine({ auc, behaviourAuc, strongest }: AdversarialDocument): AuditLine {
  const most = strongest[0] === undefined ? "" : `, most by ${strongest[0].feature} (${score(strongest[0].auc)})`;
  const finding = `The rows of the last test block are told from those it learned from with AUC ${score(behaviourAuc)} by behaviour${most}, ${score(auc)} with calendar and tenure. It says how far the population moved; it has no verdict.`;
  return { name: "Train vs test", verdict: null, finding };
}
