import type { ExploreDocument, RetentionDocument } from "../../../schema/explore-document.js";
import { count, percent } from "../../format.js";
import { type Html, html, trusted } from "../../html.js";
import { section } from "../section.js";

/** Columns of the triangle that fit on a page. */
const STEPS_MAX = 9;

/** Who comes back, by when they were first seen and by when they registered. */
export function retention({ retention: document }: ExploreDocument): Html | null {
  const { stepDays, firstSeen, registered } = document;
  if (firstSeen.length === 0) return null;
  const step = stepDays === 7 ? "week" : "four weeks";
  const lead = `A cohort is the users whose first event in this log fell into the same ${step}; users who were there before the log began are in the first one. A cell counts only users whose ${step} lies in the log whole, and says which share of them came at least once.`;
  return section(
    { id: "retention", title: "Do they come back?", lead },
    html`<div class="stack"><div class="card">${triangle(document)}</div>${registered.length > 0 && html`<div class="card">${months(document)}</div>`}</div>`,
  );
}

function triangle({ stepDays, firstSeen }: RetentionDocument): Html {
  const columns = Math.min(STEPS_MAX, Math.max(...firstSeen.map(({ steps }) => steps.length)));
  const head = Array.from(
    { length: columns },
    (_, k) => html`<th scope="col" class="n">${k === 0 ? "First" : `+${k}`}</th>`,
  );
  const name = stepDays === 7 ? "Weeks" : "Four-week steps";
  return html`<div class="scroll" role="region" aria-label="Retention" tabindex="0"><table class="heat"><caption>${name} after the first day of a user: share who came</caption><thead><tr><th scope="col">First seen from</th><th scope="col" class="n">Users</th>${head}</tr></thead><tbody>${firstSeen.map(
    ({ from, users, steps }) =>
      html`<tr><th scope="row" class="keep">${from}</th><td class="n">${count(users)}</td>${Array.from({ length: columns }, (_, k) => cell(steps[k]))}</tr>`,
  )}</tbody></table></div>`;
}

function cell(step: RetentionDocument["firstSeen"][number]["steps"][number] | undefined): Html {
  if (step === undefined || step.users === 0) return html`<td></td>`;
  const share = step.active / step.users;
  const shade = trusted(` style="--h:${(share * 100).toFixed(0)}%"`);
  return html`<td class="n heated"${shade}>${Math.round(share * 100)}%<span class="range">of ${count(step.users)}</span></td>`;
}

function months({ registered, stepDays }: RetentionDocument): Html {
  return html`<div class="scroll" role="region" aria-label="By month of registration" tabindex="0"><table><caption>By month of registration. Only users who still came during this log can be seen: older months are those who had stayed.</caption><thead><tr><th scope="col">Registered</th><th scope="col" class="n">Users seen</th><th scope="col" class="n">Cancelled</th><th scope="col" class="n">Came in the last ${stepDays} days</th></tr></thead><tbody>${registered.map(
    ({ month, users, cancelled, activeAtEnd }) =>
      html`<tr><th scope="row">${month}</th><td class="n">${count(users)}</td><td class="n">${count(cancelled)} <span class="soft">(${percent(cancelled / users)})</span></td><td class="n">${count(activeAtEnd)} <span class="soft">(${percent(activeAtEnd / users)})</span></td></tr>`,
  )}</tbody></table></div>`;
}
