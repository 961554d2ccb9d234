import { describe, expect, it } from "vitest";
import { textWidth } from "../../src/report/terminal/text.js";
import {
  renderIngest,
  renderRecovery,
  renderScores,
  renderSummary,
  renderTraining,
} from "../../src/report/terminal.js";
import { COMPLETE, hostileRun, WITHOUT_MODEL } from "./fixture.js";

const plain = (width: number) => ({ width, color: false });
const wide = {
  ...COMPLETE,
  home: `/home/${"長い名前".repeat(40)}`,
  files: { [`x${"名".repeat(30)}`]: "y".repeat(300) },
};

describe("the summary", () => {
  it.each([80, 100, 120])("keeps to %i columns", (width) => {
    for (const run of [COMPLETE, WITHOUT_MODEL, hostileRun(), wide]) {
      for (const line of renderSummary(run, plain(width)).split("\n")) {
        expect(textWidth(line), line).toBeLessThanOrEqual(width);
      }
    }
  });

  it("tells all that a reader needs", () => {
    const text = renderSummary(COMPLETE, plain(120));
    for (const part of [
      "543,705 = 543,221 accepted + 341 duplicates + 143 quarantined",
      "coverage 97.7%), 98.7% of them right",
      "5.1% cancel in the 10-day horizon",
      "22.1% over the whole log",
      "C 0.693 (0.621 – 0.754) for who leaves first",
      "0.716  0.675 – 0.754",
      "Tenure alone",
      "Whole history (leaky)   0.921",
      "Placebo, whole history  0.842",
      "Future shuffle    Passed.",
      "100370   22.2%   4.3×  medium",
      "/home/ada/.refrain/reports/run.html",
    ]) {
      expect(text).toContain(part);
    }
    expect(text).not.toMatch(/NaN|undefined|\[object/);
  });

  it("is coloured only when asked to be, and no text can colour it", () => {
    expect(renderSummary(COMPLETE, plain(80))).not.toContain("\u001b");
    expect(renderSummary(hostileRun(), plain(80))).not.toContain("\u001b");
    const coloured = renderSummary(COMPLETE, { width: 80, color: true });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape is what is looked for
    expect(coloured.replace(/\u001b\[\d+m/g, "")).toBe(renderSummary(COMPLETE, plain(80)));
  });

  it("says what was skipped, and what to do", () => {
    const text = renderSummary(WITHOUT_MODEL, plain(100));
    expect(text).toContain("TRAINING: SKIPPED");
    expect(text).toContain("Ingest more users or a longer log.");
    expect(text).toContain("13,904");
  });
});

it("single commands show their own part", () => {
  const screen = plain(100);
  expect(renderIngest(COMPLETE.ingest, screen)).toMatch(/^DATA\n/);
  expect(renderRecovery(COMPLETE.recovery, screen)).toMatch(/^USER IDS RECOVERED\n/);
  expect(renderTraining(COMPLETE.training, screen)).toMatch(/^CANDIDATES\n[\s\S]*AUDITS: passed/);
  expect(renderScores(COMPLETE.scores, screen)).toMatch(/^SCORES as of[\s\S]*100000 {3}41.2% +8.0×/);
  expect(renderScores(WITHOUT_MODEL.scores, screen)).toMatch(/^SCORES: SKIPPED/);
});
