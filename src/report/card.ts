import { labelWords } from "../schema/label-words.js";
import type { ModelCardDocument, ModelEvidence } from "../schema/model-card-document.js";
import { auditLines } from "./audit-words.js";
import { count, interval, moment, NONE, percent, score } from "./format.js";
import { type Html, html } from "./html.js";
import { page } from "./page.js";
import { calibrationGroups } from "./sections/calibration-groups.js";
import { simulatedBanner } from "./sections/headline.js";
import { type Fact, facts, section } from "./sections/section.js";
import { optimismText } from "./sections/tuning.js";
import { survivalText } from "./survival-words.js";
import { METRIC_LABELS, modelName, PROTOCOLS, paramsText, VERDICTS } from "./words.js";

const LINKS = { what: "Model", figures: "Figures", groups: "Groups", audits: "Audits", limits: "Limits" } as const;

/** The model card of a version (Mitchell et al. 2019) as one self-contained page. */
export function renderCard(card: ModelCardDocument): string {
  return page({
    title: `Model ${card.version}`,
    about: `${modelName(card.estimator)}, ${PROTOCOLS[card.protocol]}`,
    links: LINKS,
    main: html`${card.training.simulated && simulatedBanner}${what(card)}${figures(card)}${groups(card)}${audits(card)}${limits(card)}`,
    footer: html`Made from the model file by refrain models show --card.`,
  });
}

function what(card: ModelCardDocument): Html {
  const { training, evidence, threshold, riskLevels, label } = card;
  const rows: Fact[] = [
    ["Estimator", `${modelName(card.estimator)} (${paramsText(card.params)})`],
    ["Protocol", PROTOCOLS[card.protocol]],
    ["Registered", moment(card.registeredAt)],
    [
      "Data",
      `${count(training.rows)} rows of ${count(training.users)} users, ${count(training.churnedUsers)} of whom ${labelWords(label).verb}`,
    ],
    ["Known up to", training.through === null ? NONE : moment(training.through)],
    ["SHA-256 of the rows", training.dataSha256],
    ["Seed", String(training.seed)],
    ["Features", count(card.features)],
    ["Calibration", card.calibration],
    ["Threshold", `${percent(threshold.value)}: ${threshold.why}`],
    ["Risk levels", `medium from ${percent(riskLevels.medium)}, high from ${percent(riskLevels.high)}`],
    ...tuned(evidence),
    ...survival(evidence),
  ];
  return section(
    { id: "what", title: `Model ${card.version}`, lead: `Predicts who will ${labelWords(label).verb}.` },
    html`<div class="card">${facts(rows)}</div>`,
  );
}

function tuned(evidence: ModelEvidence | null): Fact[] {
  if (evidence?.selection == null) return [];
  const { ran, planned, search } = evidence.selection;
  return [["Tuning", `${search}: ${ran} of ${planned} settings. ${optimismText(evidence.selection)}`]];
}

function survival(evidence: ModelEvidence | null): Fact[] {
  return evidence?.survival == null ? [] : [["When they leave", survivalText(evidence.survival)]];
}

function figures({ metrics, intervals, gate, evidence }: ModelCardDocument): Html {
  const names = Object.keys(METRIC_LABELS) as (keyof typeof METRIC_LABELS)[];
  const lines = names.map(
    (name) =>
      html`<tr><th scope="row">${METRIC_LABELS[name]}</th><td class="n">${score(metrics[name], 4)}</td><td class="n">${interval(intervals[name], 4)}</td><td class="n">${score(gate?.[name], 4)}</td></tr>`,
  );
  const rate = evidence === null ? "" : ` Base rate ${percent(evidence.baseRate)}.`;
  const lead = `Pooled test rows, 95% intervals by bootstrap over users; the gate is the last block, kept for promotion.${rate}${stabilityText(evidence)}`;
  return section(
    { id: "figures", title: "Figures", lead },
    html`<div class="card"><div class="scroll" role="region" aria-label="Figures" tabindex="0"><table><thead><tr><th scope="col">Metric</th><th scope="col" class="n">Test</th><th scope="col" class="n">95% interval</th><th scope="col" class="n">Gate</th></tr></thead><tbody>${lines}</tbody></table></div></div>`,
  );
}

function stabilityText(evidence: ModelEvidence | null): string {
  if (evidence?.stability === undefined) return "";
  const { seeds, rocAuc, overFolds } = evidence.stability;
  return ` Over ${seeds} seeds AUC ${score(rocAuc.mean)} ± ${score(rocAuc.sd, 4)}; over single folds ± ${score(overFolds?.rocAuc.sd, 4)}.`;
}

function groups({ evidence, label }: ModelCardDocument): Html | null {
  if (evidence?.calibration === undefined) return null;
  const lead = "Predicted and seen among the test rows, by who the users are.";
  return section({ id: "groups", title: "Groups", lead }, calibrationGroups(evidence.calibration, labelWords(label)));
}

function audits({ audits: found }: ModelCardDocument): Html {
  const lines = found === null ? [] : auditLines(found);
  const body = lines.map(
    ({ name, verdict, finding }) =>
      [`${name}${verdict === null ? "" : `: ${VERDICTS[verdict].toLowerCase()}`}`, finding] satisfies Fact,
  );
  const lead = found === null ? "None was run." : `Verdict: ${VERDICTS[found.verdict].toLowerCase()}.`;
  return section({ id: "audits", title: "Audits", lead }, html`<div class="card">${facts(body)}</div>`);
}

function limits({ limits: found }: ModelCardDocument): Html {
  return section(
    { id: "limits", title: "Limits", lead: "What it is not good for, and what is not known of it." },
    html`<div class="card"><ul>${found.map((limit) => html`<li>${limit}</li>`)}</ul></div>`,
  );
}
