import type { RunDocument } from "../schema/documents.js";
import { isSkipped, trainingOf, wordsOf } from "./findings.js";
import { count, day } from "./format.js";
import { type Html, html } from "./html.js";
import { page } from "./page.js";
import { RULES, type Rules } from "./rules.js";
import { candidates } from "./sections/candidates.js";
import { data } from "./sections/data.js";
import { decisions } from "./sections/decisions.js";
import { densities } from "./sections/densities.js";
import { EXPLORE_LINKS, exploreSections } from "./sections/explore/all.js";
import { files } from "./sections/files.js";
import { headline } from "./sections/headline.js";
import { honesty } from "./sections/honesty.js";
import { howWell } from "./sections/how-well.js";
import { protocol } from "./sections/protocol.js";
import { strongestFeatures } from "./sections/strongest.js";
import { whoToCall } from "./sections/who-to-call.js";

export interface ReportOptions {
  readonly title?: string;
  readonly rules?: Rules;
}

const LINKS = {
  call: "Who to call",
  honest: "Honesty",
  well: "Quality",
  decide: "Decisions",
  data: "Data",
  ...EXPLORE_LINKS,
  candidates: "Candidates",
  measured: "Method",
  files: "Files",
} as const;

/** The run as one self-contained HTML page: no script, no request; all data escaped; the same bytes each time. */
export function renderReport(document: RunDocument, options: ReportOptions = {}): string {
  const training = trainingOf(document.training);
  const { title = `Refrain: who is about to ${wordsOf(document).verb}`, rules = training?.rules ?? RULES } = options;
  const found = html`${data(document)}${document.explore !== undefined && exploreSections(document.explore)}`;
  const measured =
    training === null
      ? found
      : html`${howWell(training)}${decisions(training)}${strongestFeatures(training)}${densities(training)}${found}${candidates(training)}${protocol(training, rules)}`;
  const { users, firstTs, lastTs } = document.ingest;
  return page({
    title,
    about: `${count(users)} users, ${day(firstTs)} to ${day(lastTs)}`,
    links: LINKS,
    main: html`${headline(document, rules)}${whoToCall(document)}${honesty(document)}${measured}${files(document)}`,
    footer: footer(document),
  });
}

function footer({ training }: RunDocument): Html {
  const version =
    isSkipped(training) || training.version === null ? null : html` Model <code>${training.version}</code>.`;
  return html`Made by refrain run.${version} Figures are of this log and this protocol; they promise nothing about another.`;
}
