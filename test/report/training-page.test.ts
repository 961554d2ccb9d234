import { describe, expect, test } from "vitest";
import { plotFiles } from "../../src/report/plots/plot-files.js";
import { renderTrainingPage } from "../../src/report/training-page.js";
import { HOSTILE, TRAINING } from "./fixture.js";

const HONEST = { ...TRAINING, version: "cancellation-0123456789ab", simulated: false };

describe("the page of a training", () => {
  test("shows figures, plots and how they were measured, and nothing of users", () => {
    const text = renderTrainingPage(HONEST);
    for (const shown of ["cancellation-0123456789ab", "How well does it work?", "<svg", "How was it measured?"]) {
      expect(text).toContain(shown);
    }
    expect(text).not.toMatch(/Who to call|SIMULATED|LEAKY|<script/);
  });

  test("says SIMULATED and LEAKY where that is so; a protocol without snapshots has no rules to tell", () => {
    const text = renderTrainingPage({ ...HONEST, protocol: "table", leaky: true, simulated: true });
    expect(text).toMatch(/<strong>SIMULATED<\/strong>.*<strong>LEAKY<\/strong>/s);
    expect(text).not.toContain("How was it measured?");
  });

  test("escapes what came with a table", () => {
    const hostile = renderTrainingPage({ ...HONEST, version: HOSTILE, label: HOSTILE });
    for (const raw of ["<script", "\u001b", "\u202e"]) expect(hostile).not.toContain(raw);
  });
});

describe("plots as files", () => {
  test("are drawings that stand alone, the same bytes each time", () => {
    const files = plotFiles(HONEST);
    const names = ["roc.svg", "precision-recall.svg", "reliability.svg", "lift.svg", "per-cutoff.svg"];
    expect(Object.keys(files)).toEqual(names);
    for (const svg of Object.values(files)) {
      expect(svg).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg" style="[^"]*--honest:#[^"]*".*<\/svg>\n$/s);
      expect(svg).not.toMatch(/<script|<style|href=/);
    }
    expect(plotFiles(HONEST)).toEqual(files);
  });

  test("there are none without curves", () => {
    expect(plotFiles({ ...HONEST, plots: null })).toEqual({});
    expect(plotFiles({ ...HONEST, candidates: [] })).toEqual({});
  });
});
