import type { TrainingDocument } from "../../schema/documents.js";
import { labelWords } from "../../schema/label-words.js";
import { count, effect as effectText } from "../format.js";
import { type Html, html } from "../html.js";
import { section } from "./section.js";
import { bar } from "./who-to-call.js";

/** The largest standardised coefficients, as bars: which way, and how hard. */
export function strongestFeatures({ label, strongest, features }: TrainingDocument): Html | null {
  if (strongest.length === 0) return null;
  const most = Math.max(...strongest.map(({ effect }) => Math.abs(effect)));
  const lead = `The strongest of ${count(features.length)} features. One standard deviation more of a feature moves the log-odds of ${labelWords(label).doing} by this much, the others held still.`;
  return section(
    { id: "strongest", title: "What does the model look at?", lead },
    html`<div class="card"><table><caption>Standardised coefficients, in log-odds</caption><thead><tr><th scope="col">Feature</th><th scope="col">Effect</th><th scope="col" class="n">Log-odds</th><th scope="col">More of it</th></tr></thead><tbody>${strongest.map(
      ({ feature, effect }) =>
        html`<tr><th scope="row" class="wrap"><code>${feature}</code></th><td>${bar(Math.abs(effect) / most, effect >= 0 ? "raises" : "plain")}</td><td class="n">${effectText(effect)}</td><td>${effect >= 0 ? "raises the risk" : "lowers the risk"}</td></tr>`,
    )}</tbody></table></div>`,
  );
}
