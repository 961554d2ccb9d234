import type { TrainingDocument } from "../schema/documents.js";
import { html } from "./html.js";
import { page } from "./page.js";
import { RULES } from "./rules.js";
import { candidates } from "./sections/candidates.js";
import { decisions } from "./sections/decisions.js";
import { densities } from "./sections/densities.js";
import { simulatedBanner } from "./sections/headline.js";
import { howWell } from "./sections/how-well.js";
import { protocol } from "./sections/protocol.js";
import { strongestFeatures } from "./sections/strongest.js";
import { PROTOCOLS } from "./words.js";

const LINKS = { well: "Quality", decide: "Decisions", candidates: "Candidates", measured: "Method" } as const;

const LEAKY = html`<div class="banner" role="note"><strong>LEAKY</strong> Features or folds could know the future, or nothing shows that they could not: these figures are no forecast.</div>`;

/** A training as one self-contained page. It names no user, so that it may lie where others read it. */
export function renderTrainingPage(training: TrainingDocument): string {
  const { version, simulated, leaky, rules = RULES } = training;
  return page({
    title: `Training of ${version ?? "a model"}`,
    about: PROTOCOLS[training.protocol],
    links: LINKS,
    main: html`<h1 id="answer">Training of <code>${version ?? "a model"}</code></h1>${simulated && simulatedBanner}${leaky && LEAKY}${howWell(training)}${decisions(training)}${strongestFeatures(training)}${densities(training)}${candidates(training)}${training.protocol === "point-in-time" && protocol(training, rules)}`,
    footer: html`Made by Refrain. Model <code>${version}</code>. Figures are of this log and this protocol; they promise nothing about another.`,
  });
}
