import type { RunDocument } from "../schema/documents.js";
import { isSkipped, trainingOf } from "./findings.js";
import { count, day } from "./format.js";
import { type Html, html, trusted } from "./html.js";
import { RULES, type Rules } from "./rules.js";
import { candidates } from "./sections/candidates.js";
import { data } from "./sections/data.js";
import { files } from "./sections/files.js";
import { headline } from "./sections/headline.js";
import { honesty } from "./sections/honesty.js";
import { howWell } from "./sections/how-well.js";
import { protocol } from "./sections/protocol.js";
import { strongestFeatures } from "./sections/strongest.js";
import { whoToCall } from "./sections/who-to-call.js";
import { STYLES } from "./styles.js";

export interface ReportOptions {
  readonly title?: string;
  readonly rules?: Rules;
}

const CSP = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

const LINKS = {
  call: "Who to call",
  honest: "Honesty",
  well: "Quality",
  data: "Data",
  candidates: "Candidates",
  measured: "Method",
  files: "Files",
} as const;

/** The run as one self-contained HTML page: no script, no request; all data escaped; the same bytes each time. */
export function renderReport(document: RunDocument, options: ReportOptions = {}): string {
  const { title = "Refrain: who is about to cancel", rules = RULES } = options;
  const training = trainingOf(document.training);
  const measured =
    training === null
      ? null
      : html`${howWell(training)}${strongestFeatures(training)}${data(document)}${candidates(training)}${protocol(training, rules)}`;
  const main = html`<main>${headline(document, rules)}${whoToCall(document)}${honesty(document)}${measured ?? data(document)}${files(document)}</main>`;
  const page = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${trusted(CSP)}"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"><title>${title}</title><link rel="icon" href="data:,"><style>${trusted(STYLES)}</style></head>
<body><a class="skip" href="#answer">To the answer</a><div class="page">${top(document, main)}${main}${footer(document)}</div></body></html>
`;
  return page.text;
}

/** Links lead to the sections that are there. */
function top(document: RunDocument, main: Html): Html {
  const { users, firstTs, lastTs } = document.ingest;
  const links = Object.entries(LINKS).filter(([id]) => main.text.includes(`<section id="${id}"`));
  return html`<header class="top"><span class="mark">Refrain</span><span class="soft small">${count(users)} users, ${day(firstTs)} to ${day(lastTs)}</span><nav aria-label="Sections">${links.map(([id, name]) => html`<a href="#${id}">${name}</a>`)}</nav></header>`;
}

function footer({ training }: RunDocument): Html {
  const version =
    isSkipped(training) || training.version === null ? null : html` Model <code>${training.version}</code>.`;
  return html`<footer>Made by refrain run.${version} Figures are of this log and this protocol; they promise nothing about another.</footer>`;
}
