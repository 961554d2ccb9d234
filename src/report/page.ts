import { type Html, html, trusted } from "./html.js";
import { STYLES } from "./styles.js";

const CSP = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

interface Page {
  readonly title: string;
  /** Beside the name, at the top. */
  readonly about: string;
  /** Names of sections by their id; those that are there become links. */
  readonly links: Readonly<Record<string, string>>;
  readonly main: Html;
  readonly footer: Html;
}

/** A self-contained page: no script, no request. */
export function page({ title, about, links, main, footer }: Page): string {
  const there = Object.entries(links).filter(([id]) => main.text.includes(`<section id="${id}"`));
  const top = html`<header class="top"><span class="mark">Refrain</span><span class="soft small">${about}</span><nav aria-label="Sections">${there.map(([id, name]) => html`<a href="#${id}">${name}</a>`)}</nav></header>`;
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${trusted(CSP)}"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"><title>${title}</title><link rel="icon" href="data:,"><style>${trusted(STYLES)}</style></head>
<body><a class="skip" href="#answer">To the answer</a><div class="page">${top}<main>${main}</main><footer>${footer}</footer></div></body></html>
`.text;
}
