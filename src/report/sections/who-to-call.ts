import type { PredictionDocument, RunDocument } from "../../schema/documents.js";
import type { ReasonDocument } from "../../schema/explanation-documents.js";
import { labelWords } from "../../schema/label-words.js";
import { isSkipped, mostAtRisk } from "../findings.js";
import { count, moment, percent, times } from "../format.js";
import { type Html, html, trusted } from "../html.js";
import { section } from "./section.js";
import { skippedCard } from "./skipped.js";

const REASONS_SHOWN = 3;

/** The list of a retention manager: ten users, how likely, and why. */
export function whoToCall({ scores }: RunDocument): Html {
  const title = "Who to call";
  if (isSkipped(scores)) {
    return section({ id: "call", title, lead: "Nobody can be named yet." }, skippedCard("Scoring", scores));
  }
  const { baseRate } = scores;
  const users = mostAtRisk(scores);
  const inRisk = scores.users.filter((user) => user.at_risk).length;
  const lead = html`The ${count(users.length)} likeliest to ${labelWords(scores.label ?? "cancellation").verb} of ${count(inRisk)} users at risk, as of ${moment(scores.asOf)} UTC, by model <code>${scores.modelVersion}</code>. ▲ raises the probability, ▼ lowers it.`;
  if (users.length === 0) return section({ id: "call", title, lead: "No user is at risk at this time." });
  const most = Math.max(...users.map((user) => user.churn_probability));
  return section(
    { id: "call", title, lead },
    html`<div class="card"><table class="cards"><caption>Users most at risk, beside the base rate in training, ${percent(baseRate)}</caption>
<thead><tr><th scope="col">User</th><th scope="col" class="n">Probability</th><th scope="col" class="n">Against base rate</th><th scope="col">Level</th><th scope="col">Why</th></tr></thead>
<tbody>${users.map((user) => row(user, baseRate, most))}</tbody></table></div>`,
  );
}

function row(user: PredictionDocument, baseRate: number, most: number): Html {
  const p = user.churn_probability;
  const ratio = baseRate === 0 ? null : p / baseRate;
  return html`<tr><th scope="row" class="wrap id"><bdi>${user.user_id}</bdi></th><td class="n">${percent(p)}${bar(p / most)}</td><td class="n">${times(ratio)}<span class="phone"> the base rate</span></td><td><span class="badge ${user.risk_level}">${user.risk_level}</span></td><td class="full"><ul class="reasons">${user.reasons.slice(0, REASONS_SHOWN).map(reason)}</ul></td></tr>`;
}

function reason({ effect, text }: ReasonDocument): Html {
  return effect >= 0
    ? html`<li class="up"><span class="sign" role="img" aria-label="raises">▲</span>${text}</li>`
    : html`<li class="down"><span class="sign" role="img" aria-label="lowers">▼</span>${text}</li>`;
}

/** A bar as long as the share of the longest one. */
export function bar(share: number, kind: "raises" | "plain" = "plain"): Html {
  const width = Number.isFinite(share) ? Math.max(0, Math.min(100, share * 100)).toFixed(1) : "0";
  return trusted(`<span class="bar" aria-hidden="true"><i class="${kind}" style="--w:${width}%"></i></span>`);
}
