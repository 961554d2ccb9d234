import type { ExploreDocument } from "../schema/explore-document.js";
import { count, counted, day, percent, score, spanDays } from "./format.js";
import { type Html, html } from "./html.js";
import { page } from "./page.js";
import { EXPLORE_LINKS, exploreSections } from "./sections/explore/all.js";
import { simulatedBanner, tile } from "./sections/headline.js";

/** What is in the data, as one self-contained HTML page: no script, no request; all data escaped; the same bytes each time. */
export function renderExplorePage(document: ExploreDocument): string {
  const { users, firstTs, lastTs } = document.volumes;
  return page({
    title: "Refrain: what is in the data",
    about: `${counted(users, "user")}, ${day(firstTs)} to ${day(lastTs)}`,
    links: EXPLORE_LINKS,
    main: html`${head(document)}${exploreSections(document)}`,
    footer: html`Made by refrain explore. A description of the log as it came, over its whole span: nothing here says how well churn can be told ahead.`,
  });
}

function head(document: ExploreDocument): Html {
  const { volumes, churn, users } = document;
  const span = spanDays(volumes.firstTs, volumes.lastTs);
  const title =
    churn === null
      ? `${counted(users.n, "user")}, none of whom cancels in this log.`
      : `${counted(users.n, "user")}, of whom ${count(churn.cancelled)} cancel in ${counted(Math.round(span ?? 0), "day")}.`;
  return html`<div id="answer">${document.simulated && simulatedBanner}<div class="card answer"><p class="kicker">What is in the data?</p><h1>${title}</h1><dl class="tiles">
${tile("Events", count(volumes.events), `${percent(volumes.eventsWithoutUser / volumes.events)} of them without a user id`)}
${tile("Sessions", count(volumes.sessions), `${score(volumes.sessions / Math.max(1, users.n), 1)} a user`)}
${tile("Songs", count(volumes.songs), `${count(volumes.musicHours)} hours of music`)}
${tile("Cancelled", churn === null ? "nobody" : percent(churn.share), churn === null ? "no model can be learnt" : "of users, at some time in the log")}
</dl></div></div>`;
}
