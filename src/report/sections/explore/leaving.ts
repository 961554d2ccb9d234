import { MS_PER_DAY } from "../../../base/time.js";
import type { ChurnDocument, ExploreDocument, SurvivalCurve } from "../../../schema/explore-document.js";
import { count, counted, interval, percent, score } from "../../format.js";
import { type Html, html } from "../../html.js";
import { PLAN_ROLES, survivalPlot } from "../../plots/survival.js";
import { type Fact, facts, figure, key, section } from "../section.js";

const TITLE = "When do they leave?";
const ID = "leaving";

/** Survival by plan, the rates, and the page that came before; where nobody cancels, that. */
export function leaving({ churn, survival, volumes }: ExploreDocument): Html {
  if (churn === null) {
    return section({
      id: ID,
      title: TITLE,
      lead: "Nobody cancels in this log: there is no churn to describe, or to learn from.",
    });
  }
  const lead = `${counted(churn.cancelled, "user")} of ${count(churn.cancelled / churn.share)} confirmed a cancellation, ${percent(churn.share)}: a share of the whole log, not a rate for a horizon.`;
  const endDay = (volumes.lastTs - volumes.firstTs) / MS_PER_DAY;
  return section(
    { id: ID, title: TITLE, lead },
    html`<div class="halves">${survivalFigure(survival, endDay)}<div class="stack"><div class="card"><h3>Cancellations</h3>${facts(rates(churn))}</div>${before(churn)}</div></div>`,
  );
}

function survivalFigure(curves: readonly SurvivalCurve[], endDay: number): Html {
  const keys = curves.map(({ plan, users, cancelled }) =>
    key(
      PLAN_ROLES[plan],
      `${plan === "unknown" ? "plan not known" : plan}, ${counted(users, "user")}, ${count(cancelled)} cancelled`,
    ),
  );
  const reading = html`Kaplan–Meier estimate by the plan at the user's first event: ${keys.map((one, i) => html`${i > 0 && "; "}${one}`)}. Bands: 95% intervals (Greenwood). Who had not cancelled is counted up to the end of the data.`;
  return figure("Who is still there", reading, survivalPlot(curves, endDay), table(curves));
}

function table(curves: readonly SurvivalCurve[]): Html {
  const days = [7, 14, 28, 56, 84, 168, 364];
  const rows = curves.flatMap(({ plan, points }) =>
    days.flatMap((day) => {
      const at = points.filter((point) => point.day <= day).at(-1);
      return at === undefined || (points.at(-1)?.day ?? 0) < day ? [] : [{ plan, day, at }];
    }),
  );
  return html`<details><summary>The figures</summary><table><caption>Share who had not cancelled, with the users at risk at the last cancellation before</caption><thead><tr><th scope="col">Plan</th><th scope="col" class="n">Day</th><th scope="col" class="n">At risk</th><th scope="col" class="n">Share</th><th scope="col" class="n">95% interval</th></tr></thead><tbody>${rows.map(
    ({ plan, day, at }) =>
      html`<tr><th scope="row">${plan}</th><td class="n">${day}</td><td class="n">${count(at.atRisk)}</td><td class="n">${score(at.survival)}</td><td class="n">${interval(at)}</td></tr>`,
  )}</tbody></table></details>`;
}

function rates({ daysSinceFirstEvent, daysSinceRegistration, per1000UserDays }: ChurnDocument): Fact[] {
  const median = (quantiles: readonly number[] | null) => `${score(quantiles?.[2], 1)} days`;
  return [
    ["For 1,000 days of users from their first event", score(per1000UserDays, 2)],
    ["Half within, since the first event", median(daysSinceFirstEvent.quantiles)],
    [`Half within, since registration (n ${count(daysSinceRegistration.n)})`, median(daysSinceRegistration.quantiles)],
  ];
}

function before({ pageBefore }: ChurnDocument): Html | null {
  if (pageBefore.length === 0) return null;
  const n = pageBefore.reduce((sum, { users }) => sum + users, 0);
  return html`<div class="card"><h3>The page before Cancel</h3>${facts(
    pageBefore.slice(0, 8).map(({ page, users }): Fact => [page, `${count(users)} (${percent(users / n)})`]),
  )}</div>`;
}
