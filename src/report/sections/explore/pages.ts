import type { ExploreDocument, PageDocument } from "../../../schema/explore-document.js";
import { count, NONE, percent, score } from "../../format.js";
import { type Html, html } from "../../html.js";
import { section } from "../section.js";
import { bar } from "../who-to-call.js";

/** Which pages are visited, by whom, and how often beside the songs. */
export function pages({ pages: rows }: ExploreDocument): Html {
  const lead =
    "Every song is an event too, so the other pages are set beside the songs: visits of users on a plan for 1,000 songs heard on it.";
  const most = Math.max(...rows.filter(({ page }) => page !== "NextSong").map(({ share }) => share), 0);
  return section(
    { id: "pages", title: "Which pages do they visit?", lead },
    html`<div class="card"><div class="scroll" role="region" aria-label="Pages" tabindex="0"><table><caption>Pages, commonest first. Bars leave NextSong out. Rows without a user id count as events only.</caption><thead><tr><th scope="col">Page</th><th scope="col" class="n">Events</th><th scope="col" class="n">Share</th><th scope="col" class="wide" style="min-width:110px"></th><th scope="col" class="n">Users who came by</th><th scope="col" class="n">For 1,000 songs, free</th><th scope="col" class="n">paid</th></tr></thead><tbody>${rows.map((row) => line(row, most))}</tbody></table></div></div>`,
  );
}

function line({ page, known, events, share, usersShare, per1000Songs }: PageDocument, most: number): Html {
  const song = page === "NextSong";
  const rate = (value: number | null) =>
    song || value === 0 ? NONE : score(value, value !== null && value < 1 ? 2 : 1);
  return html`<tr><th scope="row" class="page-name">${page}${!known && html` <span class="badge medium">unknown</span>`}</th><td class="n">${count(events)}</td><td class="n">${percent(share)}</td><td class="wide">${!song && bar(share / most)}</td><td class="n">${usersShare === 0 ? NONE : percent(usersShare)}</td><td class="n">${rate(per1000Songs.free)}</td><td class="n">${rate(per1000Songs.paid)}</td></tr>`;
}
