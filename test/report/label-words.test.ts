import { describe, expect, test } from "vitest";
import { renderReport } from "../../src/report/report.js";
import { renderSummary, renderTraining } from "../../src/report/terminal.js";
import type { RunDocument, ScoresDocument, TrainingDocument } from "../../src/schema/documents.js";
import { LABEL_WORDS, type LabelName } from "../../src/schema/label-words.js";
import { COMPLETE, TRAINING } from "./fixture.js";

const RULES = { gapDays: 1, horizonDays: 14, minHistoryDays: 1, activeWithinDays: 14 };
const screen = { width: 100, color: false };

function runOf(label: LabelName, change: Partial<TrainingDocument> = {}): RunDocument {
  const training: TrainingDocument = { ...TRAINING, label, labelVersion: 1, rules: RULES, ...change };
  // What is in the log is told of cancellations, whatever was to be predicted.
  const { explore: _, ...run } = COMPLETE;
  return {
    ...run,
    label,
    training,
    wholeHistory: { ...(COMPLETE.wholeHistory as TrainingDocument), label },
    scores: { ...(COMPLETE.scores as ScoresDocument), label },
  };
}

describe("what is said fits what was predicted", () => {
  test.each(["downgrade", "inactivity"] as const)("%s: nobody is said to cancel", (label) => {
    const document = runOf(label);
    for (const text of [renderReport(document), renderSummary(document, screen)]) {
      expect(text).not.toMatch(/cancel/i);
      expect(text.toLowerCase()).toContain(`can we tell who will ${LABEL_WORDS[label].verb}?`);
      expect(text).toContain(`in the 14-day horizon`);
      expect(text).toContain(`Everyone ${LABEL_WORDS[label].third}`);
    }
  });

  test("who was at risk is told, and by how much history", () => {
    const paying = runOf("downgrade", { rules: { ...RULES, paidOnly: true } });
    const told = "aying users with an event in the last 14 days and at least 1 day of history";
    expect(renderReport(paying)).toContain(told);
    expect(renderSummary(paying, screen).replace(/\s+/g, " ")).toContain(told);
  });

  test("a silence tells its length, and rows that cancelled first are counted", () => {
    const silent = runOf("inactivity", { rules: { ...RULES, inactivityDays: 14 }, competing: 31 });
    expect(renderReport(silent)).toContain("goes silent, that is 14 days in a row without an event,");
    expect(renderSummary(silent, screen).replace(/\s+/g, " ")).toContain(
      "31 rows cancelled first, which is no silence",
    );
  });

  test("a model that does not serve says so", () => {
    const waiting = { ...TRAINING, label: "downgrade", version: "downgrade-1", serves: false };
    expect(renderTraining(waiting, screen).replace(/\s+/g, " ")).toContain("refrain models promote downgrade-1");
    expect(renderTraining({ ...waiting, serves: true }, screen)).not.toContain("promote");
    expect(renderTraining({ ...waiting, leaky: true }, screen)).not.toContain("promote");
  });
});
