import type { IngestDocument, RecoveryDocument, RunDocument } from "../../schema/documents.js";
import { count, day, percent, score, spanDays } from "../format.js";
import { type Html, html } from "../html.js";
import { spoken } from "../words.js";
import { type Fact, facts, section } from "./section.js";

/** What came in, what was kept out and why, and whose the logged-out rows are. */
export function data({ ingest, recovery }: RunDocument): Html {
  const lead = `${count(ingest.lines)} lines = ${count(ingest.accepted)} accepted + ${count(ingest.duplicates)} duplicates + ${count(ingest.quarantined)} quarantined.`;
  return section(
    { id: "data", title: "What is in the data?", lead },
    html`<div class="halves"><div class="card"><h3>Rows in</h3>${facts(ingestFacts(ingest))}${reasons(ingest)}</div><div class="card"><h3>User ids recovered</h3>${facts(recoveryFacts(recovery))}${confidence(recovery)}${rivals(recovery)}</div></div>`,
  );
}

function ingestFacts(ingest: IngestDocument): Fact[] {
  const span = spanDays(ingest.firstTs, ingest.lastTs);
  return [
    ["Lines read", count(ingest.lines)],
    ["Accepted", count(ingest.accepted)],
    ["Duplicates left out", count(ingest.duplicates)],
    ["Quarantined", count(ingest.quarantined)],
    ["Users", count(ingest.users)],
    ["First event", day(ingest.firstTs)],
    ["Last event", day(ingest.lastTs)],
    ["Span", span === null ? "–" : `${score(span, 1)} days`],
  ];
}

function reasons(ingest: IngestDocument): Html | null {
  const rows = Object.entries(ingest.reasons).sort(([, a], [, b]) => b - a);
  if (rows.length === 0) return null;
  return html`<h3 style="margin-top:20px">Why rows were quarantined</h3>${facts(rows.map(([reason, n]) => [spoken(reason), count(n)]))}`;
}

function recoveryFacts(recovery: RecoveryDocument): Fact[] {
  const rows: Fact[] = [
    ["Rows without a user id", count(recovery.blank)],
    ["Guests, who have none", count(recovery.guests)],
    ["In a session without any known row", count(recovery.withoutKnownRow)],
    ["Attributable", count(recovery.attributable)],
    ["Recovered", count(recovery.recovered)],
    ["Left open, the evidence being too thin", count(recovery.abstained)],
    ["Coverage: recovered ÷ attributable", percent(recovery.coverage)],
    ["Accuracy, against the truth", recovery.accuracy === undefined ? "not measured" : percent(recovery.accuracy)],
    ["Session ids shared by several users", count(recovery.sharedSessions)],
  ];
  return rows;
}

function confidence({ precisionByConfidence }: RecoveryDocument): Html | null {
  if (precisionByConfidence === undefined || precisionByConfidence.length === 0) return null;
  return html`<details><summary>Is the confidence right?</summary><table><caption>Share rightly recovered, by stated confidence</caption><thead><tr><th scope="col">Confidence</th><th scope="col" class="n">Rows</th><th scope="col" class="n">Right</th></tr></thead><tbody>${precisionByConfidence.map(
    ({ from, to, rows, precision }) =>
      html`<tr><th scope="row">${percent(from)} – ${percent(to)}</th><td class="n">${count(rows)}</td><td class="n">${percent(precision)}</td></tr>`,
  )}</tbody></table></details>`;
}

function rivals(recovery: RecoveryDocument): Html | null {
  if (recovery.rivals === undefined) return null;
  const own = { coverage: recovery.coverage, accuracy: recovery.accuracy ?? null };
  const rows = [
    ["Refrain", own] as const,
    ...Object.entries(recovery.rivals).map(([name, row]) => [spoken(name), row] as const),
  ];
  return html`<table style="margin-top:18px"><caption>Recovery beside simpler rules</caption><thead><tr><th scope="col">Rule</th><th scope="col" class="n">Coverage</th><th scope="col" class="n">Accuracy</th></tr></thead><tbody>${rows.map(
    ([name, { coverage, accuracy }]) =>
      html`<tr><th scope="row" class="wrap">${name}</th><td class="n">${percent(coverage)}</td><td class="n">${percent(accuracy)}</td></tr>`,
  )}</tbody></table>`;
}
