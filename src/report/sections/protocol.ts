import type { TrainingDocument } from "../../schema/documents.js";
import { labelWords } from "../../schema/label-words.js";
import { count, counted, duration, moment, percent, score } from "../format.js";
import { type Html, html } from "../html.js";
import { type Rules, riskSetText } from "../rules.js";
import { PROTOCOLS, spoken } from "../words.js";
import { type Fact, facts, section } from "./section.js";

/** How the figures came about, so that they can be checked. */
export function protocol(training: TrainingDocument, rules: Rules): Html {
  const { gapDays, horizonDays, inactivityDays } = rules;
  const { third, verb } = labelWords(training.label);
  const silence =
    inactivityDays === undefined ? "" : `, that is ${counted(inactivityDays, "day")} in a row without an event,`;
  const lead = `At each cutoff a user is described by what was known then. The label is whether the user ${third}${silence} later than ${counted(gapDays, "day")} and within ${counted(gapDays + horizonDays, "day")} after it. Scored are ${riskSetText(rules)}.${training.competing ? ` Users who cancel first do not ${verb}.` : ""}`;
  return section(
    { id: "measured", title: "How was it measured?", lead },
    html`<div class="halves"><div class="card"><h3>Protocol</h3>${facts(protocolFacts(training, rules))}</div><div class="stack">${rates(training, rules)}${blocks(training, rules)}</div></div>`,
  );
}

function protocolFacts(training: TrainingDocument, { gapDays, horizonDays }: Rules): Fact[] {
  const { cutoffs, labelVersion } = training;
  const { verb, past, noun } = labelWords(training.label);
  const label = `${spoken(training.label)}${labelVersion === undefined ? "" : `, version ${labelVersion}`}`;
  const [first, last] = [cutoffs[0], cutoffs.at(-1)];
  return [
    ["Protocol", PROTOCOLS[training.protocol]],
    ["Label", label],
    ["Gap after the cutoff", counted(gapDays, "day")],
    ["Horizon after the gap", counted(horizonDays, "day")],
    ["Cutoffs", count(cutoffs.length)],
    ...(first === undefined || last === undefined
      ? []
      : ([
          ["First cutoff (UTC)", moment(first)],
          ["Last cutoff (UTC)", moment(last)],
        ] satisfies Fact[])),
    ["Rows", count(training.rows)],
    ["Users", count(training.users)],
    [`Test rows with a ${noun} ahead`, count(training.positives)],
    [`Users who ${verb} in the test blocks`, count(training.churnedUsersInTest)],
    [`Rows left out: ${past} inside the gap`, count(training.inGap)],
    ...(training.competing
      ? ([[`Rows that cancelled first: no ${noun}`, count(training.competing)]] satisfies Fact[])
      : []),
    ["Features", count(training.features.length)],
    ...unseen(training),
    ["Training took", duration(training.seconds)],
  ];
}

function unseen({ unseenUsers }: TrainingDocument): Fact[] {
  if (unseenUsers === null) return [];
  const { rows, rocAuc, averagePrecision } = unseenUsers;
  return [["Users never trained on", `AUC ${score(rocAuc)}, AP ${score(averagePrecision)}, ${counted(rows, "row")}`]];
}

function rates(training: TrainingDocument, { horizonDays }: Rules): Html {
  const { verb, past, noun } = labelWords(training.label);
  return html`<div class="card"><h3>Two rates, told apart</h3>${facts([
    [`Rate per horizon: rows with a ${noun} in the ${horizonDays}-day horizon`, percent(training.baseRate)],
    [`Share over the whole log: users who ${past} at some time`, percent(training.wholeLogShare)],
    [`Catchable: of the users who ever ${verb}, those in the horizon of some cutoff`, percent(training.catchableShare)],
  ])}</div>`;
}

function blocks({ testBlocks }: TrainingDocument, { gapDays, horizonDays }: Rules): Html | null {
  if (testBlocks.length === 0) return null;
  return html`<div class="card"><table><caption>Test blocks. Embargo: a model learns only from cutoffs at least ${gapDays + horizonDays} days before its block, when their labels were settled.</caption><thead><tr><th scope="col">From</th><th scope="col">To</th><th scope="col" class="n">Cutoffs learnt from</th></tr></thead><tbody>${testBlocks.map(
    ({ from, to, trainCutoffs }) =>
      html`<tr><td>${moment(from)}</td><td>${moment(to)}</td><td class="n">${count(trainCutoffs)}</td></tr>`,
  )}</tbody></table></div>`;
}
