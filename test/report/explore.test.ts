import { describe, expect, it } from "vitest";
import { MS_PER_DAY } from "../../src/base/time.js";
import { renderExplorePage } from "../../src/report/explore.js";
import { renderExplore } from "../../src/report/terminal/explore.js";
import { textWidth } from "../../src/report/terminal/text.js";
import type { ExploreDocument } from "../../src/schema/explore-document.js";
import { EXPLORED, WITHOUT_CHURN } from "./explore-fixture.js";
import { HOSTILE } from "./fixture.js";

const page = renderExplorePage(EXPLORED);
const [firstPage] = EXPLORED.pages;
const HOSTILE_LOG: ExploreDocument = {
  ...EXPLORED,
  simulated: true,
  pages: firstPage === undefined ? [] : [{ ...firstPage, page: HOSTILE, known: false }],
  churn: EXPLORED.churn === null ? null : { ...EXPLORED.churn, pageBefore: [{ page: HOSTILE, users: 99 }] },
};
const NOBODY: ExploreDocument = {
  ...WITHOUT_CHURN,
  volumes: {
    ...EXPLORED.volumes,
    events: 1,
    users: 0,
    sessions: 0,
    songs: 0,
    musicHours: 0,
    lastTs: EXPLORED.volumes.firstTs,
  },
  sessions: {
    events: { n: 0, mean: null, quantiles: null, histogram: [] },
    songs: { n: 0, mean: null, quantiles: null, histogram: [] },
    minutes: { n: 0, mean: null, quantiles: null, histogram: [] },
    gapHours: { n: 0, mean: null, quantiles: null, histogram: [] },
  },
  users: {
    n: 0,
    plans: [],
    genders: { F: 0, M: 0, unknown: 0 },
    upgrades: 0,
    downgrades: 0,
    sessions: { n: 0, mean: null, quantiles: null, histogram: [] },
    activeDays: { n: 0, mean: null, quantiles: null, histogram: [] },
    spanDays: { n: 0, mean: null, quantiles: null, histogram: [] },
  },
  clock: {
    hours: Array.from({ length: 24 }, () => ({ events: 0, sessionStarts: 0 })),
    weekdays: Array.from({ length: 7 }, () => ({ days: 1, events: 0, sessionStarts: 0 })),
  },
  retention: { stepDays: 7, firstSeen: [], registered: [] },
  survival: [],
};
const CENTURY: ExploreDocument = {
  ...EXPLORED,
  volumes: { ...EXPLORED.volumes, firstTs: EXPLORED.volumes.firstTs - 36_525 * MS_PER_DAY },
};
const ALL = [EXPLORED, WITHOUT_CHURN, HOSTILE_LOG, NOBODY, CENTURY];

describe("the page of explore", () => {
  it("is small, the same each time, loads nothing and runs nothing", () => {
    expect(Buffer.byteLength(page)).toBeLessThan(300_000);
    expect(renderExplorePage(EXPLORED)).toBe(page);
    for (const text of ALL.map(renderExplorePage)) {
      expect(text).not.toMatch(/https?:/);
      expect(text).not.toMatch(/<(script|link(?! rel="icon" href="data:,")|img|iframe|object|embed|base|form)\b/i);
      expect(text).not.toMatch(/@import|@font-face|url\((?!#)/);
      expect(text).not.toMatch(/NaN|undefined|\[object|Infinity/);
    }
  });

  it("shows the figures, their number and their units", () => {
    for (const part of [
      "448 users, of whom 99 cancel in 61 days.",
      "543,221 events of 448 users on 62 days",
      "Most from 14:00 to 15:00 UTC: 9.8% of 6,120",
      '79%<span class="range">of 330</span>',
      '67%<span class="range">of 130</span>',
      "free, 350 users, 60 cancelled",
      "44 (44.4%)",
      "1 of 2 things looked for were found",
      "All times are UTC",
    ])
      expect(page).toContain(part);
    expect(page).not.toContain("SIMULATED");
    expect(renderExplorePage(HOSTILE_LOG)).toContain("SIMULATED");
  });

  it("names each plot for those who hear it, gives no id twice and links only to what is there", () => {
    for (const text of ALL.map(renderExplorePage)) {
      const plots = text.match(/<svg /g) ?? [];
      expect(text.match(/<svg role="img" aria-label="[^"]{20,}"/g)).toHaveLength(plots.length);
      const ids = [...text.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
      expect(new Set(ids).size).toBe(ids.length);
      for (const [, to] of text.matchAll(/href="#([^"]+)"/g)) expect(ids).toContain(to);
      for (const [table] of text.matchAll(/<table[^>]*>.{9}/g)) expect(table).toContain("<caption>");
    }
  });

  it("says that nobody cancels where nobody does, and draws no survival", () => {
    const text = renderExplorePage(WITHOUT_CHURN);
    expect(text).toContain("none of whom cancels in this log");
    expect(text).toContain("there is no churn to describe");
    expect(text).not.toContain("Kaplan");
  });

  it("puts the days of a long log together, and says so", () => {
    const text = renderExplorePage(CENTURY);
    expect(text).toContain("A bar is the mean of 282 days.");
    expect(Buffer.byteLength(text)).toBeLessThan(300_000);
  });

  it("escapes hostile text wherever it stands", () => {
    const text = renderExplorePage(HOSTILE_LOG);
    expect(text).not.toContain("<script");
    expect(text).not.toContain("\u001b");
    expect(text).not.toContain("\u202e");
    expect(text).toContain("&lt;script&gt;");
  });
});

describe("explore in a terminal", () => {
  it.each([80, 100, 120])("keeps to %i columns", (width) => {
    for (const document of ALL)
      for (const line of renderExplore(document, { width, color: false }).split("\n"))
        expect(textWidth(line), line).toBeLessThanOrEqual(width);
  });

  it("tells what a reader needs, uncoloured unless asked", () => {
    const text = renderExplore(EXPLORED, { width: 80, color: false });
    for (const part of [
      "VOLUMES (times are UTC)",
      "543,221, 2.9% of them",
      "Roll Advert",
      "90.4",
      "99 users, 22.1%",
      "Downgrade 44",
    ])
      expect(text).toContain(part);
    expect(text).not.toMatch(/NaN|undefined|\[object/);
    expect(text).not.toContain("\u001b");
    expect(renderExplore(WITHOUT_CHURN, { width: 80, color: false })).toContain("Nobody cancels in this log");
    expect(renderExplore(HOSTILE_LOG, { width: 80, color: false })).toMatch(/^SIMULATED/);
  });
});
