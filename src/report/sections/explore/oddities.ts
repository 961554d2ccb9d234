import type { ExploreDocument } from "../../../schema/explore-document.js";
import { count, percent } from "../../format.js";
import { type Html, html } from "../../html.js";
import { section } from "../section.js";

/** What a careful reader of the log would trip over; found ones first. */
export function oddities({ oddities: rows }: ExploreDocument): Html {
  const found = rows.filter((row) => row.found > 0);
  const absent = rows.filter((row) => row.found === 0);
  const lead = `${count(found.length)} of ${count(rows.length)} things looked for were found. None stops anything; each may explain a figure.`;
  const looked = html`<p class="soft small">Looked for and not found: ${absent.map(({ what }) => what).join("; ")}.</p>`;
  return section(
    { id: "oddities", title: "What is odd?", lead },
    html`<div class="card">${
      found.length > 0 &&
      html`<table class="cards"><caption>What was found</caption><thead><tr><th scope="col" class="n">Found</th><th scope="col" class="n">Share</th><th scope="col">What</th></tr></thead><tbody>${found.map(
        ({ found: n, of, what, meaning }) =>
          html`<tr><th scope="row" class="n">${count(n)}</th><td class="n">${of === 0 ? "–" : percent(n / of)}</td><td class="full">${what} <span class="soft">– ${meaning}</span></td></tr>`,
      )}</tbody></table>`
    }${absent.length > 0 && looked}</div>`,
  );
}
