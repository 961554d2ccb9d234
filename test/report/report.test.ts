import { describe, expect, it } from "vitest";
import { renderReport } from "../../src/report/report.js";
import { COMPLETE, HOSTILE, hostileRun, TRAINING, WITHOUT_MODEL } from "./fixture.js";

const page = renderReport(COMPLETE);
const hostile = renderReport(hostileRun());

describe("the report", () => {
  it("is small, and the same each time", () => {
    expect(Buffer.byteLength(page)).toBeLessThan(600_000);
    expect(renderReport(COMPLETE)).toBe(page);
  });

  it("has its sections in the order of a reader's questions", () => {
    const ids = [
      "answer",
      "call",
      "honest",
      "well",
      "strongest",
      "densities",
      "data",
      "activity",
      "retention",
      "leaving",
      "candidates",
      "measured",
      "files",
    ];
    const places = ids.map((id) => page.indexOf(` id="${id}"`));
    expect(places.every((at) => at > 0)).toBe(true);
    expect(places.toSorted((a, b) => a - b)).toEqual(places);
  });

  it.each([page, hostile, renderReport(WITHOUT_MODEL)])("loads nothing and runs nothing (%#)", (text) => {
    expect(text).not.toMatch(/https?:/);
    expect(text).not.toMatch(/<(script|link(?! rel="icon" href="data:,")|img|iframe|object|embed|base|form)\b/i);
    expect(text).not.toMatch(/\s(src|srcset|onload|onerror|onclick)=/i);
    expect(text).not.toMatch(/@import|@font-face|url\((?!#)/);
  });

  it("shows the figures as they are", () => {
    for (const figure of [
      "0.716",
      "0.675 – 0.754",
      "0.693 (0.621 – 0.754)",
      "28.4 (26.4 – 28.8)",
      "0.921",
      "0.842",
      "543,705",
      "98.7%",
      "22.1%",
      "71.7%",
      "100111",
    ]) {
      expect(page).toContain(figure);
    }
    expect(page).not.toMatch(/NaN|undefined|\[object|Infinity/);
  });

  it("calls nobody who is not at risk", () => {
    expect(page).not.toContain("100074");
    expect(page.match(/<td class="full"><ul/g)).toHaveLength(10);
  });

  it("names each plot for those who hear it, and gives no id twice", () => {
    const plots = page.match(/<svg /g) ?? [];
    expect(plots).toHaveLength(18);
    expect(page.match(/<svg role="img" aria-label="[^"]{20,}"/g)).toHaveLength(plots.length);
    const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [, to] of page.matchAll(/href="#([^"]+)"/g)) expect(ids).toContain(to);
    for (const [table] of page.matchAll(/<table[^>]*>.{9}/g)) expect(table).toContain("<caption>");
  });

  it("draws in the page's colours only", () => {
    const drawn = page.slice(page.indexOf("<svg"));
    const colours = new Set(
      [...drawn.matchAll(/(?:fill|stroke)="(#[0-9a-f]+|rgb[^"]*)"/g)].map(([, colour]) => colour),
    );
    // Clip paths are black and never seen.
    expect([...colours].filter((colour) => colour !== "#000")).toEqual([]);
  });

  it("escapes hostile text wherever it stands", () => {
    expect(hostile).not.toContain("<script");
    expect(hostile).not.toContain("alert('x')");
    expect(hostile).not.toContain("\u001b");
    expect(hostile).not.toContain("\u202e");
    expect(hostile).not.toContain(HOSTILE);
    expect(hostile).toContain("&lt;script&gt;");
  });

  it("says that listeners are simulated, only when they are", () => {
    expect(hostile).toContain("SIMULATED");
    expect(page).not.toContain("SIMULATED");
  });
});

it("draws a run that an older version kept", () => {
  const { explore: _, ...older } = COMPLETE;
  const { densities: __, ...training } = TRAINING;
  const text = renderReport({ ...older, training });
  expect(text).not.toContain('id="activity"');
  expect(text).not.toContain('id="densities"');
  for (const [, to] of text.matchAll(/href="#([^"]+)"/g)) expect(text).toContain(` id="${to}"`);
});

it("says how much of the churn each tenth holds", () => {
  // Lifts 3.42, 1.71 … add up to 10.
  expect(page).toMatch(/<th scope="row">2<\/th><td class="n">8.8%<\/td><td class="n">1.7×<\/td><td class="n">51.3%/);
});

describe("without a model", () => {
  const text = renderReport(WITHOUT_MODEL);

  it("says so, what to do, and shows the rest", () => {
    expect(text).toContain("No honest model can be had from this log yet.");
    expect(text).toContain("Ingest more users or a longer log.");
    expect(text).toContain("LABELS_TOO_FEW");
    for (const id of ["call", "honest", "data", "files"]) expect(text).toContain(` id="${id}"`);
    expect(text).toContain("13,904");
  });

  it("links only to what is there", () => {
    for (const run of [WITHOUT_MODEL, { ...COMPLETE, training: { ...TRAINING, plots: null } }]) {
      const page = renderReport(run);
      for (const [, to] of page.matchAll(/href="#([^"]+)"/g)) expect(page).toContain(` id="${to}"`);
    }
  });
});
