import type { CalibrationDocument, CalibrationGroup, Grouping } from "../../schema/decisions-document.js";
import type { LabelWords } from "../../schema/label-words.js";
import { count, interval, percent, score } from "../format.js";
import { type Html, html } from "../html.js";
import { spoken } from "../words.js";

/** Calibration of the test rows by who the users are, a table a grouping. */
export function calibrationGroups({ groups }: CalibrationDocument, words: LabelWords): Html {
  const tables = Object.entries(groups)
    .filter(([, own]) => own.length > 1)
    .map(([grouping, own]) => table(grouping as Grouping, own, words));
  return html`<div class="halves">${tables}</div>`;
}

function table(grouping: Grouping, groups: readonly CalibrationGroup[], { past, verb }: LabelWords): Html {
  const caption = `By ${grouping}: predicted, and the share that did ${verb} (95% interval, users drawn together)`;
  const head = html`<thead><tr><th scope="col">${spoken(grouping)}</th><th scope="col" class="n">Users</th><th scope="col" class="n">Predicted</th><th scope="col" class="n">${spoken(past)}</th><th scope="col" class="n">AUC</th></tr></thead>`;
  return html`<div class="card"><div class="scroll" role="region" aria-label="${caption}" tabindex="0"><table><caption>${caption}</caption>${head}<tbody>${groups.map(line)}</tbody></table></div></div>`;
}

function line(group: CalibrationGroup): Html {
  const { predicted, observed, low, high, users, rocAuc } = group;
  const off = predicted < low || predicted > high;
  const range = html`<span class="range">${interval({ low: 100 * low, high: 100 * high }, 1)}</span>`;
  return html`<tr><th scope="row">${group.group}</th><td class="n">${count(users)}</td><td class="n">${percent(predicted)}${off && html` <span class="badge inconclusive">off</span>`}</td><td class="n">${percent(observed)}${range}</td><td class="n">${score(rocAuc)}</td></tr>`;
}
