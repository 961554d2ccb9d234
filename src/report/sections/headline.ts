import type { RunDocument, TrainingDocument } from "../../schema/documents.js";
import { labelWords } from "../../schema/label-words.js";
import { answerOf } from "../answer.js";
import { bestCandidate, bestRival, trainingOf, wordsOf } from "../findings.js";
import { interval, NONE, percent, score, times } from "../format.js";
import { type Html, html } from "../html.js";
import type { Rules } from "../rules.js";
import { modelName, rivalName } from "../words.js";

export const simulatedBanner = html`<div class="banner" role="note"><strong>SIMULATED</strong> Events of this log were made by refrain simulate: nothing here is a figure from the world.</div>`;

/** The answer first, then the four figures it rests on. */
export function headline(document: RunDocument, rules: Rules): Html {
  const { tone, title, sentence } = answerOf(document);
  const training = trainingOf(document.training);
  return html`<div id="answer">${document.simulated && simulatedBanner}<div class="card answer ${tone}">
<p class="kicker">Can we tell who will ${wordsOf(document).verb}?</p><h1>${title}</h1><p class="sentence">${sentence}</p>${training !== null && tiles(training, rules)}</div></div>`;
}

function tiles(training: TrainingDocument, { horizonDays }: Rules): Html {
  const best = bestCandidate(training);
  const rival = bestRival(training);
  const rivalText =
    rival === null ? "" : `; ${rivalName(rival.name, labelWords(training.label)).toLowerCase()} ${score(rival.rocAuc)}`;
  const name = best === null ? "" : modelName(best.model);
  return html`<dl class="tiles">
${tile("ROC AUC, point in time", score(best?.metrics.rocAuc), `${name}${rivalText}`, interval(best?.intervals.rocAuc))}
${tile("Average precision", score(best?.metrics.averagePrecision), `calling everyone gives ${score(training.baseRate)}`, interval(best?.intervals.averagePrecision))}
${tile("Lift in the riskiest tenth", times(best?.metrics.liftAt10), "rate there, against the base rate", interval(best?.intervals.liftAt10, 1))}
${tile("Base rate", percent(training.baseRate), `${labelWords(training.label).verb} in the ${horizonDays}-day horizon of a cutoff (not the ${percent(training.wholeLogShare)} of users over the whole log)`)}
</dl>`;
}

/** A figure and what it is. */
export function tile(name: string, figure: string, under: string, range = NONE): Html {
  const bounds = range === NONE ? null : html`<span class="under keep">95% interval ${range}</span>`;
  return html`<div><dt>${name}</dt><dd><span class="figure">${figure}</span>${bounds}<span class="under">${under}</span></dd></div>`;
}
