import { type Html, html, trusted } from "../html.js";
import type { Role } from "../tokens.js";

interface Section {
  readonly id: string;
  readonly title: string;
  readonly lead: Html | string;
}

/** One question of the reader and its answer. */
export function section({ id, title, lead }: Section, ...body: readonly (Html | null)[]): Html {
  return html`<section id="${id}" aria-labelledby="${id}-title"><h2 id="${id}-title">${title}</h2><p class="lead">${lead}</p>${body}</section>`;
}

/** A plot with its name and how to read it. */
export function figure(title: string, reading: Html | string, ...body: readonly (Html | null)[]): Html {
  return html`<figure class="card"><h3>${title}</h3><p class="soft small">${reading}</p>${body}</figure>`;
}

export type Fact = readonly [name: string, value: Html | string];

export function facts(rows: readonly Fact[]): Html {
  return html`<dl class="facts last">${rows.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>`;
}

/** A name with the colour of its line in a plot. */
export function key(role: Role, name: string): Html {
  return html`<span class="key"${trusted(` style="--k:var(--${role})"`)}>${name}</span>`;
}
