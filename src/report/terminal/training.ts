import type { Intervals, MetricName, Metrics, SkippedDocument, TrainingDocument } from "../../schema/documents.js";
import { labelWords } from "../../schema/label-words.js";
import type { Spread } from "../../schema/selection-document.js";
import { bestCandidate, isSkipped } from "../findings.js";
import { counted, interval, NONE, percent, score, times } from "../format.js";
import { CHURNED_USERS_MIN, RULES, riskSetText } from "../rules.js";
import { optimismText } from "../sections/tuning.js";
import { survivalText } from "../survival-words.js";
import { modelName, rivalName } from "../words.js";
import { columns, fact, heading, type Row } from "./blocks.js";
import type { Screen, Tone } from "./screen.js";
import { skippedLines } from "./skipped.js";

/** Candidates and trivial rivals in one table, with the rates to read them by. */
export function trainingLines(training: TrainingDocument | SkippedDocument, screen: Screen): string[] {
  if (isSkipped(training)) return skippedLines("TRAINING", training, screen);
  const { baseRate, wholeLogShare, rules = RULES } = training;
  const { verb } = labelWords(training.label);
  const title = training.leaky ? `CANDIDATES (leaky: ${training.protocol.replace("-", " ")})` : "CANDIDATES";
  const rate = `${percent(baseRate)} ${verb} in the ${rules.horizonDays}-day horizon of a cutoff (${percent(wholeLogShare)} over the whole log, another rate)`;
  return [
    ...heading(title, screen),
    ...fact(training.leaky ? "Rate" : "Base rate", training.leaky ? percent(baseRate) : rate, screen),
    ...fact("Resting on", restingOn(training), screen),
    ...(training.leaky ? [] : fact("At risk", riskSetText(rules), screen)),
    ...catchable(training, screen),
    ...tooFew(training, screen),
    "",
    ...table(training, screen),
    ...titled("TUNING", selection(training, screen), screen),
    ...stability(training, screen),
    ...whenTheyLeave(training, screen),
    ...(training.version === null
      ? []
      : ["", ...fact("Registered", `${modelName(training.best.model)}, version ${training.version}`, screen)]),
    ...notServing(training, screen),
  ];
}

function titled(title: string, lines: readonly string[], screen: Screen): string[] {
  return lines.length === 0 ? [] : [...heading(title, screen), ...lines];
}

function restingOn({ label, positives, churnedUsersInTest }: TrainingDocument): string {
  return `${counted(positives, "test row")} of ${counted(churnedUsersInTest, "user")} who ${labelWords(label).verb}`;
}

/** How many of those whom it happens to are in the rows at all, and which rows are left out. */
function catchable({ label, catchableShare, inGap, competing = 0 }: TrainingDocument, screen: Screen): string[] {
  if (catchableShare === null) return [];
  const { verb, noun } = labelWords(label);
  const caught = `${percent(catchableShare)} of the users who ever ${verb} do so in the horizon of some cutoff`;
  const gap = `; ${counted(inGap, "row")} inside the gap left out`;
  const first = competing === 0 ? "" : `; ${counted(competing, "row")} cancelled first, which is no ${noun}`;
  return fact("Catchable", `${caught}${gap}${first}`, screen);
}

function notServing({ leaky, audits, serves, version }: TrainingDocument, screen: Screen): string[] {
  if (leaky || serves !== false || audits?.verdict === "failed") return [];
  const text = `not yet: the model that serves predicts something else (refrain models promote ${version})`;
  return fact("Serves", text, screen, "doubt");
}

function tooFew({ label, tooFewToTell, churnedUsersInTest }: TrainingDocument, screen: Screen): string[] {
  if (!tooFewToTell) return [];
  const text = `too few to tell: ${counted(churnedUsersInTest, "user")} who ${labelWords(label).verb} in test, ${CHURNED_USERS_MIN} are needed`;
  return fact("Beware", text, screen, "doubt");
}

/** Over seeds and folds. Of shuffled protocols: the F1 on the folds that tuned, beside what is left of it on fresh ones. */
function stability({ candidates, leaky }: TrainingDocument, screen: Screen): string[] {
  const rows = candidates.flatMap(({ model, metrics, stability: own }): Row[] => {
    if (own === undefined) return [];
    const { seeds, f1, rocAuc, overFolds } = own;
    const cells = [score(metrics.f1), spread(f1), spread(overFolds?.f1), spread(rocAuc), spread(overFolds?.rocAuc)];
    return [{ cells: [`${modelName(model)}, ${counted(seeds, "seed")}`, ...cells] }];
  });
  if (rows.length === 0) return [];
  const title = leaky ? "OVER FRESH SHUFFLES (leaky still)" : "OVER SEEDS AND TEST BLOCKS";
  const tuned = leaky ? "F1 tuned" : "F1";
  const parts = leaky ? "folds" : "blocks";
  const head = ["Mean ± standard deviation", tuned, "F1, seeds", `F1, ${parts}`, "AUC, seeds", `AUC, ${parts}`];
  return [...heading(title, screen), ...columns(head, rows, screen)];
}

function spread(of: Spread | undefined): string {
  return of === undefined ? NONE : `${score(of.mean)} ± ${score(of.sd, 4)}`;
}

/** How much of a tuned candidate's score is that its setting was chosen. */
function selection({ candidates }: TrainingDocument, screen: Screen): string[] {
  return candidates.flatMap(({ model, selection: own }) => {
    if (!own) return [];
    const ran =
      own.ran === own.planned
        ? counted(own.ran, "setting")
        : `${own.ran} of ${own.planned} settings (the budget was spent)`;
    return fact(modelName(model), `${own.search}, ${ran}. ${optimismText(own)}`, screen);
  });
}

/** The survival view: how well it is known who leaves first, and how long users are expected to stay. */
function whenTheyLeave({ survival }: TrainingDocument, screen: Screen): string[] {
  if (survival === undefined || survival === null) return [];
  return ["", ...fact("Survival", survivalText(survival), screen)];
}

function table(training: TrainingDocument, screen: Screen): string[] {
  const best = bestCandidate(training);
  const models = training.candidates.map((candidate) => {
    const chosen = candidate === best;
    return row(modelName(candidate.model) + (chosen ? " *" : ""), candidate, chosen ? "strong" : "plain");
  });
  const rivals = Object.entries(training.rivals).map(([name, rival]) =>
    row(rivalName(name, labelWords(training.label)), rival, "soft"),
  );
  const head = ["Model (* chosen)", "AUC", "95% interval", "AP", "95% interval", "Lift"];
  return columns(head, [...models, ...rivals], screen);
}

function row(name: string, { metrics, intervals }: { metrics: Metrics; intervals: Intervals }, tone: Tone): Row {
  const measured = (metric: MetricName) => [score(metrics[metric]), interval(intervals[metric])];
  return { cells: [name, ...measured("rocAuc"), ...measured("averagePrecision"), times(metrics.liftAt10)], tone };
}
