import type { FeatureDensity, TrainingDocument } from "../../schema/documents.js";
import { count } from "../format.js";
import { type Html, html } from "../html.js";
import { densityPlot } from "../plots/density.js";
import { figure, key, section } from "./section.js";

/** The strongest features among rows with a cancellation ahead, beside the others. */
export function densities({ densities: rows = [] }: TrainingDocument): Html | null {
  const [first] = rows;
  if (first === undefined) return null;
  const ahead = key("bad", "a cancellation ahead");
  const lead = html`Each line is a histogram of all labelled rows of its kind: ${ahead} and ${key("placebo", "none ahead")}. Where the two lie on each other, the feature alone tells nothing. The outermost bins hold what lies beyond.`;
  return section(
    { id: "densities", title: "How do those who leave differ?", lead },
    html`<div class="grid">${rows.map((density, at) => figure(density.feature, rowsOf(density), densityPlot(density, at)))}</div>`,
  );
}

function rowsOf({ rows, missing }: FeatureDensity): string {
  const without = missing.kept + missing.churned;
  const told = `${count(rows.churned)} rows with a cancellation ahead, ${count(rows.kept)} without`;
  return without === 0 ? `${told}.` : `${told}; ${count(without)} have no value.`;
}
