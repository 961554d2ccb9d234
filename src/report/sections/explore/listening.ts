import type { ExploreDocument, PlanHistory, Spread } from "../../../schema/explore-document.js";
import { count, counted, percent, score } from "../../format.js";
import { type Html, html } from "../../html.js";
import { histogramPlot } from "../../plots/histogram.js";
import { facts, figure, section } from "../section.js";

export const PLAN_WORDS = {
  neverPaid: "Free throughout",
  alwaysPaid: "Paid throughout",
  switched: "Both plans seen",
  unknown: "Plan not known",
} as const satisfies Record<PlanHistory, string>;

/** Sessions, the time between them, and what users on each plan do. */
export function listening({ sessions, users, volumes }: ExploreDocument): Html {
  const lead = `${counted(volumes.sessions, "session")} of ${counted(users.n, "user")}. A session is what one user did under one sessionId, by rows that carry a user id.`;
  const { songs, gapHours } = sessions;
  return section(
    { id: "listening", title: "How do they listen?", lead },
    html`<div class="stack"><div class="grid">${[
      histogram("Songs in a session", songs, { id: "songs", x: "Songs, in bins that double", unit: "session" }),
      histogram("Hours between sessions", gapHours, { id: "gaps", x: "Hours, in bins that double", unit: "gap" }),
      histogram("Sessions of a user", users.sessions, {
        id: "per-user",
        x: "Sessions, in bins that double",
        unit: "user",
      }),
    ]}</div><div class="card">${spreads({ sessions, users })}</div><div class="halves"><div class="card">${plans(users)}</div><div class="card"><h3>Users</h3>${facts(
      [
        ["Women", count(users.genders.F)],
        ["Men", count(users.genders.M)],
        ["Gender not known", count(users.genders.unknown)],
        ["Upgrades to paid", count(users.upgrades)],
        ["Downgrades to free", count(users.downgrades)],
      ],
    )}</div></div></div>`,
  );
}

function histogram(title: string, spread: Spread, words: Parameters<typeof histogramPlot>[1]): Html | null {
  if (spread.quantiles === null) return null;
  const [, low, median, high] = spread.quantiles;
  const reading = `Half of ${counted(spread.n, words.unit)} lie between ${figureOf(low)} and ${figureOf(high)}; the median is ${figureOf(median)}.`;
  return figure(title, reading, histogramPlot(spread, words));
}

function figureOf(value: number | undefined): string {
  return score(value, value !== undefined && Math.abs(value) < 10 && !Number.isInteger(value) ? 1 : 0);
}

function spreads({ sessions, users }: Pick<ExploreDocument, "sessions" | "users">): Html {
  const rows: readonly (readonly [string, Spread])[] = [
    ["Events in a session", sessions.events],
    ["Songs in a session", sessions.songs],
    ["Minutes of a session", sessions.minutes],
    ["Hours from a session to the next", sessions.gapHours],
    ["Sessions of a user", users.sessions],
    ["Days on which a user came", users.activeDays],
    ["Days from first to last event of a user", users.spanDays],
  ];
  return html`<div class="scroll" role="region" aria-label="Spreads" tabindex="0"><table><caption>How these are spread</caption><thead><tr><th scope="col"></th><th scope="col" class="n">n</th><th scope="col" class="n">5%</th><th scope="col" class="n">25%</th><th scope="col" class="n">Median</th><th scope="col" class="n">75%</th><th scope="col" class="n">95%</th><th scope="col" class="n">Mean</th></tr></thead><tbody>${rows.map(
    ([name, { n, mean, quantiles }]) =>
      html`<tr><th scope="row">${name}</th><td class="n">${count(n)}</td>${(quantiles ?? [null, null, null, null, null]).map((value) => html`<td class="n">${figureOf(value ?? undefined)}</td>`)}<td class="n">${score(mean, 1)}</td></tr>`,
  )}</tbody></table></div>`;
}

function plans({ plans: rows }: ExploreDocument["users"]): Html {
  return html`<table><caption>Users by the plans they were seen on. Who stays longer has more time to switch.</caption><thead><tr><th scope="col">Plan</th><th scope="col" class="n">Users</th><th scope="col" class="n">Cancelled</th><th scope="col" class="n">Songs a session</th></tr></thead><tbody>${rows.map(
    ({ plan, users, cancelled, songs, sessions }) =>
      html`<tr><th scope="row">${PLAN_WORDS[plan]}</th><td class="n">${count(users)}</td><td class="n">${percent(cancelled / users)}</td><td class="n">${score(songs / sessions, 1)}</td></tr>`,
  )}</tbody></table>`;
}
