import { describe, expect, it } from "vitest";
import { matrix } from "../../src/base/matrix.js";
import { seededRng } from "../../src/base/rng.js";
import { featureRanges } from "../../src/evaluate/feature-ranges.js";
import { CHANNELS, DAY_FEATURES, DAYS, dayFeature } from "../../src/features/families/days.js";
import { contributionsOf } from "../../src/models/contributions.js";
import { sequence } from "../../src/models/sequence/sequence.js";
import { counterfactualOf } from "../../src/pipeline/counterfactual.js";
import { modelProbabilities } from "../../src/pipeline/model-probabilities.js";
import { channelsByToday, sayDays } from "../../src/pipeline/reasons/day-words.js";
import { columnNames } from "../../src/pipeline/reasons/reasons.js";
import { predictRow } from "../../src/pipeline/scoring.js";
import { modelOf, world } from "./exchange/model-fixture.js";

const NAMES = ["is_paid", ...DAY_FEATURES.map(({ name }) => name)];
const COLS = NAMES.length;
const column = (channel: string, daysAgo: number) => NAMES.indexOf(dayFeature(channel, daysAgo));

/** Users who listen at a steady pace; those with many adverts lately leave. */
const x = matrix(240, COLS);
const y = new Uint8Array(x.rows);
for (let i = 0; i < x.rows; i++) {
  const rng = seededRng(`days ${i}`);
  y[i] = i % 3 === 0 ? 1 : 0;
  const known = i % 5 === 0 ? 15 : DAYS;
  for (const { name } of CHANNELS) {
    for (let daysAgo = 0; daysAgo < DAYS; daysAgo++) {
      const mean = name === "adverts" && daysAgo < 10 ? (y[i] === 1 ? 9 : 1) : 4;
      x.data[i * COLS + column(name, daysAgo)] =
        daysAgo < known ? Math.log1p(Math.floor(rng.uniform() * 2 * mean)) : Number.NaN;
    }
  }
}
const columns = DAY_FEATURES.map(({ name }) => NAMES.indexOf(name));
const settings = { ...sequence.defaults, columns, hidden: 4, members: 1, epochs: 15 };
const state = sequence.fit(x, y, null, settings, world);
const model = {
  ...modelOf(state, NAMES),
  ranges: featureRanges(x),
  threshold: { value: 0.35, why: "" },
};
const rowAt = (i: number) => x.data.slice(i * COLS, (i + 1) * COLS);

describe("days in words", () => {
  it("counts a channel in the last week and in the one before", () => {
    const adverts = channelsByToday(NAMES).get(column("adverts", 0));
    if (adverts === undefined) throw new Error("no channel");
    const row = new Float64Array(COLS).fill(Number.NaN);
    const told = (counts: readonly number[]) => {
      counts.forEach((count, daysAgo) => {
        row[column("adverts", daysAgo)] = Math.log1p(count);
      });
      return sayDays(adverts, row);
    };
    expect(told([0, 0, 0])).toEqual({ value: 0, text: "no adverts in the last 7 days; none in the 7 before" });
    expect(told([1])).toEqual({ value: 1, text: "1 advert in the last 7 days; none in the 7 before" });
    expect(told([0, 2, 3, 0, 0, 0, 1, 20, 14, 0])).toEqual({
      value: 6,
      text: "6 adverts in the last 7 days; 34 in the 7 before",
    });
  });

  it("are only there where a model reads all days of a channel", () => {
    expect(channelsByToday(NAMES).size).toBe(CHANNELS.length);
    expect(channelsByToday(NAMES.filter((name) => name !== "songs_day_9")).size).toBe(CHANNELS.length - 1);
  });

  it("are the reasons of a sequence, by channel, with the effect of all its days", () => {
    const row = rowAt(3);
    const { reasons } = predictRow(model, row, { user: "1", atRisk: true });
    const { effects, values } = contributionsOf(state, row);
    const told = reasons.find(({ feature }) => feature === "adverts_by_day");
    expect(told?.effect).toBe(effects[column("adverts", 0)]);
    expect(told?.text).toMatch(/^\d+ adverts in the last 7 days; \d+ in the 7 before: raises the odds by \d+%$/);
    expect(told?.actionable).toBe(true);
    expect(columnNames(NAMES, state)[column("adverts", 0)]).toBe("adverts_by_day");
    const days = Array.from({ length: DAYS }, (_, daysAgo) => row[column("adverts", daysAgo)] ?? Number.NaN);
    expect(values[column("adverts", 0)]).toBeCloseTo(
      days.reduce((sum, value) => sum + value / DAYS, 0),
      12,
    );
  });
});

describe("a counterfactual of days", () => {
  it("changes a week of a channel in proportion, and says truly what the model then says", () => {
    let reached = 0;
    for (let i = 0; i < 60; i++) {
      const row = rowAt(i);
      const found = counterfactualOf(model, row);
      if (found.changes.length === 0) continue;
      const changed = row.slice();
      for (const { feature, from, to, text } of found.changes) {
        const channel = feature.replace(/_by_day$/, "");
        const week = Array.from({ length: 7 }, (_, daysAgo) => column(channel, daysAgo));
        const mean = week.reduce((sum, at) => sum + Math.expm1(row[at] ?? 0) / 7, 0);
        expect(from).toBeCloseTo(Math.log1p(mean), 12);
        expect(text).toMatch(/ a day in the last 7 days \(now: .* a day in the last 7 days\)$/);
        for (const at of week) changed[at] = Math.log1p((Math.expm1(row[at] ?? 0) * Math.expm1(to)) / mean);
      }
      const [p] = modelProbabilities(model, { rows: 1, cols: COLS, data: changed });
      expect(p).toBeCloseTo(found.churn_probability_after, 9);
      if (found.reached) reached++;
    }
    expect(reached).toBeGreaterThan(5);
  });
});
