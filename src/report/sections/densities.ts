import type { FeatureDensity, TrainingDocument } from "../../schema/documents.js";
import { type LabelWords, labelWords } from "../../schema/label-words.js";
import { count } from "../format.js";
import { type Html, html } from "../html.js";
import { densityPlot } from "../plots/density.js";
import { figure, key, section } from "./section.js";

/** The strongest features among rows with the event ahead, beside the others. */
export function densities({ label, densities: rows = [] }: TrainingDocument): Html | null {
  const [first] = rows;
  if (first === undefined) return null;
  const words = labelWords(label);
  const ahead = key("bad", `a ${words.noun} ahead`);
  const lead = html`Each line is a histogram of all labelled rows of its kind: ${ahead} and ${key("placebo", "none ahead")}. Where the two lie on each other, the feature alone tells nothing. The outermost bins hold what lies beyond.`;
  return section(
    { id: "densities", title: `How do those who ${words.verb} differ?`, lead },
    html`<div class="grid">${rows.map((density, at) => figure(density.feature, rowsOf(density, words), densityPlot(density, at)))}</div>`,
  );
}

function rowsOf({ rows, missing }: FeatureDensity, { noun }: LabelWords): string {
  const without = missing.kept + missing.churned;
  const told = `${count(rows.churned)} rows with a ${noun} ahead, ${count(rows.kept)} without`;
  return without === 0 ? `${told}.` : `${told}; ${count(without)} have no value.`;
}
