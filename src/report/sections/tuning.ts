import type { CandidateDocument, TrainingDocument } from "../../schema/documents.js";
import type { SelectionDocument } from "../../schema/selection-document.js";
import { counted, score } from "../format.js";
import { type Html, html } from "../html.js";
import { METRIC_LABELS, modelName, paramsText } from "../words.js";

/** What tuning tried for each model, and how much of the winner's score is that it won. */
export function tuning({ candidates }: TrainingDocument): Html | null {
  const tuned = candidates.flatMap((candidate) => (candidate.selection ? [board(candidate, candidate.selection)] : []));
  return tuned.length === 0 ? null : html`<div class="stack">${tuned}</div>`;
}

function board({ model }: CandidateDocument, selection: SelectionDocument): Html {
  const { leaderboard, planned, ran, search, criterion, chosen } = selection;
  const metrics = Object.keys(selection.optimism) as (keyof typeof METRIC_LABELS)[];
  const caption = `${modelName(model)}: ${search} search, ${ran === planned ? counted(ran, "setting") : `${ran} of ${counted(planned, "setting")} before the budget was spent`}; chosen: ${criterion}. Out-of-fold figures inside the training rows.`;
  const head = metrics.map((metric) => html`<th scope="col" class="n">${METRIC_LABELS[metric]}</th>`);
  const lines = leaderboard.map(
    (entry) =>
      html`<tr class="${entry.setting === chosen ? "best" : ""}"><th scope="row">${entry.setting === 0 ? html`defaults<br>` : null}<span class="soft small">${paramsText(entry.params)}</span></th>${metrics.map((metric) => html`<td class="n">${score(entry[metric])}</td>`)}</tr>`,
  );
  return html`<div class="card"><div class="scroll" role="region" aria-label="${caption}" tabindex="0"><table><caption>${caption}</caption><thead><tr><th scope="col">Setting</th>${head}</tr></thead><tbody>${lines}</tbody></table></div><p class="soft small">${optimismText(selection)}</p></div>`;
}

/** "Of the chosen setting's average precision of 0.184, 0.021 is that it was chosen (BBC-CV): 0.163 is what to expect." */
export function optimismText({ optimism, method }: SelectionDocument): string {
  const sentences = Object.entries(optimism).map(([metric, { apparent, corrected, optimism: part }]) => {
    const name = METRIC_LABELS[metric as keyof typeof METRIC_LABELS];
    return `${name} ${score(apparent)} on the rows it was chosen on, ${score(corrected)} on users who had no part in it: ${score(part)} is selection.`;
  });
  return `${method}. ${sentences.join(" ")}`;
}
