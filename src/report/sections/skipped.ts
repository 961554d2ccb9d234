import type { SkippedDocument } from "../../schema/documents.js";
import { type Html, html } from "../html.js";

/** What could not be done, why, and what to do about it. */
export function skippedCard(what: string, { skipped }: SkippedDocument): Html {
  return html`<div class="card"><h3>${what} was skipped</h3><p>${skipped.message}</p><p><strong>What to do:</strong> ${skipped.hint}</p><p class="soft small"><code>${skipped.code}</code></p></div>`;
}
