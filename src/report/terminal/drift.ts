import type { DriftDocument, FeatureDrift } from "../../schema/drift-document.js";
import { count, counted, percent, score } from "../format.js";
import { columns, fact, heading, paragraph, type Row } from "./blocks.js";
import { ended, readable } from "./frame.js";
import type { Screen } from "./screen.js";

const SHOWN = 12;
const TESTS = { ks: "KS", "chi-square": "χ²" } as const;

/** The alarm, what it was held against, and the features that differ most. */
export function renderDrift(document: DriftDocument, given: Screen): string {
  const screen = readable(given);
  const { rows, features, leftOut, notes } = document;
  const drifted = features.filter((feature) => feature.drifted).length;
  const table = features
    .map((feature, place) => ({ feature, place }))
    .sort((a, b) => order(a.feature) - order(b.feature) || a.feature.p - b.feature.p || a.place - b.place)
    .slice(0, SHOWN);
  const hidden = features.length - table.length;
  return ended([
    ...heading(`DRIFT: ${document.drifted ? "ALARM" : "no alarm"}`, screen),
    ...fact("Alarm", alarmWords(document), screen, document.drifted ? "bad" : "good"),
    ...referenceRuleLines(document, screen),
    ...fact("Rows", `${count(rows.reference)} of the reference against ${count(rows.current)}`, screen),
    ...fact("Features", `${features.length}, of which ${drifted} differ by themselves (a list, not an alarm)`, screen),
    ...notes.flatMap((note, i) => fact(i === 0 ? "Note" : "", note, screen, "doubt")),
    "",
    ...columns(
      ["Feature", "Test", "Distance", "p", "p adjusted", "PSI", ""],
      table.map(({ feature }) => featureRow(feature)),
      screen,
    ),
    ...(hidden > 0 ? paragraph(`… and ${hidden} more, all of them with --json.`, screen, "soft") : []),
    ...(leftOut.length === 0
      ? []
      : [
          "",
          ...paragraph(
            `Left out: ${leftOut.map(({ name, reason }) => `${name} (${reason})`).join(", ")}.`,
            screen,
            "soft",
          ),
        ]),
  ]);
}

/** Alarmed first, then what can alarm, then what is only shown. */
function order({ alarmed, shownOnly }: FeatureDrift): number {
  if (alarmed) return 0;
  return shownOnly === null ? 1 : 2;
}

function alarmWords({ drifted, rule, features, alarm, alarmBudget, referenceRule }: DriftDocument): string {
  if (rule === "reference" && referenceRule !== null) {
    const found = referenceRule.features.length;
    return `${drifted ? "yes" : "no"}: ${counted(found, "feature")} with KS p < 0.05`;
  }
  const names = features.filter(({ alarmed }) => alarmed).map(({ name }) => name);
  const budget = `${counted(alarmBudget, "false alarm")} a year at a check a day`;
  const held = `p ${score(alarm.p, 4)} of the largest distance, alarm from ${score(alarm.alpha, 4)} down (${budget})`;
  return drifted ? `yes, ${names.join(", ")}: ${held}` : `no: ${held}`;
}

function referenceRuleLines({ referenceRule }: DriftDocument, screen: Screen): string[] {
  if (referenceRule === null) return [];
  const { falseAlarms } = referenceRule;
  if (falseAlarms === null)
    return fact("False alarms", "not known: the reference is too small to be halved", screen, "doubt");
  const { share, low, high, halves } = falseAlarms;
  const words = `this rule alarms on ${percent(share)} (${percent(low)} – ${percent(high)}) of ${count(halves)} random halves of the reference, where nothing drifted`;
  return fact("False alarms", words, screen, "bad");
}

function featureRow({ name, test, effect, p, adjustedP, psi, ...feature }: FeatureDrift): Row {
  const mark = feature.alarmed ? "alarm" : feature.drifted ? "differs" : (feature.shownOnly ?? "");
  const cells = [name, TESTS[test], score(effect), small(p), small(adjustedP), score(psi), mark];
  return feature.alarmed ? { cells, tone: "bad" } : feature.shownOnly === null ? { cells } : { cells, tone: "soft" };
}

function small(p: number): string {
  return p > 0 && p < 0.0005 ? p.toExponential(0) : score(p);
}
