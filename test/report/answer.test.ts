import { expect, it } from "vitest";
import { answerOf } from "../../src/report/answer.js";
import type { RunDocument, TrainingDocument } from "../../src/schema/documents.js";
import { COMPLETE, TRAINING, WITHOUT_MODEL } from "./fixture.js";

const titled = (change: Partial<TrainingDocument>, run: Partial<RunDocument> = {}) =>
  answerOf({ ...COMPLETE, ...run, training: { ...TRAINING, ...change } }).title;

const [best] = TRAINING.candidates;
const tenure = TRAINING.rivals.tenure;

const withTenure = (rocAuc: number) =>
  tenure === undefined
    ? {}
    : {
        rivals: {
          tenure: {
            metrics: { ...tenure.metrics, rocAuc },
            intervals: { rocAuc: { low: rocAuc - 0.03, high: rocAuc + 0.03 } },
          },
        },
      };

it("says yes only when chance and every trivial rule are ruled out", () => {
  expect(titled({})).toBe("Yes: better than chance, and than any trivial rule.");
  expect(titled(withTenure(0.7))).toContain("not clearly better than a trivial rule");
  expect(titled(withTenure(0.75))).toContain("no better than a trivial rule");
  expect(titled({ rivals: {} })).toBe("Yes, better than chance.");
});

it("says what forbids a yes", () => {
  expect(titled({ tooFewToTell: true })).toBe("Too few to tell.");
  if (best === undefined) throw new Error("the fixture has a best candidate");
  const unsure = { ...best, intervals: { rocAuc: { low: 0.48, high: 0.8 } } };
  expect(titled({ candidates: [unsure] })).toContain("Not better than chance");
  expect(titled({ candidates: [] })).toBe("Nothing could be measured.");
  const audits = {
    placebo: { auc: 0.7, low: 0.6, high: 0.8, draws: 20, verdict: "failed" },
    verdict: "failed",
  } as const;
  expect(titled({}, { audits })).toBe("Do not trust this model.");
  const open = { placebo: { ...audits.placebo, verdict: "inconclusive" }, verdict: "inconclusive" } as const;
  expect(answerOf({ ...COMPLETE, audits: open }).sentence).toContain("An audit was inconclusive");
  expect(answerOf(WITHOUT_MODEL).tone).toBe("doubt");
});
