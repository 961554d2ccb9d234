import { expect, test } from "vitest";
import { matrix, takeColumns } from "../../src/base/matrix.js";
import { seededRng } from "../../src/base/rng.js";
import { POINT_IN_TIME } from "../../src/features/catalogue.js";
import { asLogOdds, contributionsOf } from "../../src/models/contributions.js";
import { fitLogistic, logistic } from "../../src/models/logistic.js";
import { expectedDaysLeft, fitHazard, survivalCurves } from "../../src/models/survival/hazard.js";
import { daysLeft } from "../../src/pipeline/days-left.js";
import { modelProbabilities } from "../../src/pipeline/model-probabilities.js";
import { phraseOf } from "../../src/pipeline/reasons/phrases.js";
import { predictRow } from "../../src/pipeline/scoring.js";
import type { ModelFile } from "../../src/registry/model-file.js";
import { randomForest } from "../models/trees/random-trees.js";
import { modelOf } from "./exchange/model-fixture.js";

/** The reason that a model of one feature gives for a value: it has seen 1 leave and 2 stay, in turns. */
function reasonFor(feature: string, value: number): string {
  const data = Float64Array.from({ length: 40 }, (_, i) => 1 + (i % 2));
  const y = Uint8Array.from({ length: 40 }, (_, i) => 1 - (i % 2));
  const state = fitLogistic({ rows: 40, cols: 1, data }, y, null, { ...logistic.defaults, selectK: null });
  const model: Pick<ModelFile, "features" | "state" | "calibrator" | "threshold" | "riskLevels"> = {
    features: [feature],
    state,
    calibrator: { kind: "platt", a: -1, b: 0 },
    threshold: { value: 0.5, why: "" },
    riskLevels: { medium: 0.3, high: 0.6 },
  };
  const [reason] = predictRow(model as ModelFile, Float64Array.of(value), { user: "1", atRisk: true }).reasons;
  return reason?.text ?? "";
}

test.each([
  ["holidays_next_11d", 3, "holidays in the next 11 days 3; others 1.5: lowers the odds by "],
  ["holidays_14d", 0, "no public holidays of the user's state in the last 14 days; others 1.5: raises the odds "],
  ["days_to_holiday", 3, "days to holiday 3; others 1.5: lowers "],
  ["winter_index", -1, "winter index -1; others 1.5: raises "],
  ["adverts_per_song_28d", 0.0213, "adverts per song in 28 days 0.021; others 1.5: raises "],
  ["songs_week_trend", Math.log(0.25), "songs week trend 0.25; others 4.5: raises "],
  ["log_days_since_first_event", Math.log1p(60), "days since first event 60; others 3.5: lowers "],
  ["month_position", 0.5, "month position 50%; others 150%: raises "],
  ["songs_7d", 0, "no songs in the last 7 days; others 1.5: raises "],
  ["sessions_28d", 6, "6 session starts in the last 28 days; others 1.5: lowers "],
  ["hours_7d", 0.5, "0.5 hours of songs started in the last 7 days; others 1.5: raises "],
  ["is_paid", 0, "on the free plan: raises "],
  ["is_paid", 3, "on the paid plan: lowers "],
  ["days_since_last_event", 6, "nothing for 6 days: lowers "],
  ["days_since_last_event", 0.2, "here within the last day: raises "],
  ["silence_against_usual", 3.14, "silent 3.1 times as long as usual: lowers "],
  ["thumbs_up_share", 0.454, "thumbs up share 45%; others 150%: raises "],
  ["kind_more_adverts_while_free", 0.9, "of the kind with more adverts while free: 90%; others 150%: raises "],
])("a reason says %s %d in words", (feature, value, start) => {
  expect(reasonFor(feature, value)).toContain(start);
});

test("a silence is told against the user's own habit, where the model knows it", () => {
  const own = (usualPauseDays: number) => ({ usualPauseDays });
  const silence = phraseOf("silence_against_usual", Number.NaN);
  expect(silence.say(5, own(1.2))).toBe("nothing for 6 days; usually daily");
  expect(phraseOf("days_since_last_event", Number.NaN).say(6, own(3.42))).toBe(
    "nothing for 6 days; usually every 3.4 days",
  );
});

test("no feature's reason has a name of the catalogue left in it", () => {
  for (const { name } of POINT_IN_TIME.features) {
    const text = reasonFor(name, 0.5);
    expect(text, name).toMatch(/^[a-z0-9][A-Za-z0-9 .%;'-]*: (raises|lowers) the odds /);
    expect(text, name).not.toMatch(/_|NaN|Infinity|\blog\b/);
  }
});

test("reasons are marked by whether acting can change them", () => {
  const marked = (names: readonly string[]) => names.map((name) => phraseOf(name, Number.NaN).actionable);
  expect(marked(["songs_7d", "silence_against_usual", "is_paid", "thumbs_up_share_28d", "adverts_28d"])).toEqual(
    Array(5).fill(true),
  );
  const fixed = [
    "gender_male",
    "days_since_registration",
    "log_events",
    "songs_while_free",
    "winter_index",
    "kind_more_x",
  ];
  expect(marked(fixed)).toEqual(Array(fixed.length).fill(false));
});

test("a model of trees gives reasons in log-odds that take the average user to the score", () => {
  const state = randomForest("reasons", { inputs: 3, depth: 3, trees: 20 });
  const features = ["songs_7d", "is_paid", "adverts_28d"];
  const ranges = [[0, 0, 0, 0, 0, 30, 30, 30, 30, 30, 30], [], [1]];
  const model = { ...modelOf(state, features, { kind: "platt", a: -0.9, b: 0.2 }), ranges };
  const row = Float64Array.of(0.1, Number.NaN, -0.4);
  const { churn_probability, reasons } = predictRow(model, row, { user: "1", atRisk: true });
  expect(churn_probability).toBe(modelProbabilities(model, { rows: 1, cols: 3, data: row })[0]);
  const { base, effects } = asLogOdds(contributionsOf(state, row));
  const sum = effects.reduce((total, effect) => total + 0.9 * effect, 0.9 * base - 0.2);
  expect(sum).toBeCloseTo(Math.log(churn_probability / (1 - churn_probability)), 6);
  for (const { feature, effect } of reasons)
    expect(effect).toBeCloseTo(0.9 * (effects[features.indexOf(feature)] ?? 9), 12);
  expect(reasons.find(({ feature }) => feature === "songs_7d")?.text).toMatch(
    /^0.1 songs in the last 7 days; others 30: /,
  );
});

test("a value and its logarithm are one reason, with both effects", () => {
  const features = ["adverts_per_free_song", "is_paid", "log_adverts_per_free_song"];
  const state = randomForest("twins", { inputs: 3, depth: 3, trees: 20 });
  const row = Float64Array.of(0.1, 1, -2.3);
  const { reasons } = predictRow(modelOf(state, features), row, { user: "1", atRisk: true });
  const [plain = 9, , log = 9] = asLogOdds(contributionsOf(state, row)).effects;
  const told = reasons.filter(({ feature }) => feature.includes("adverts"));
  expect(told).toHaveLength(1);
  expect(told[0]?.feature).toBe(features[Math.abs(plain) > Math.abs(log) ? 0 : 2]);
  expect(told[0]?.effect).toBeCloseTo(plain + log, 12);
});

test("days left are those of the curves of all rows together, to the bit, whatever the order of the features", () => {
  const rng = seededRng("days left");
  const x = matrix(
    60,
    3,
    Float64Array.from({ length: 180 }, (_, at) => (at % 17 === 0 ? Number.NaN : rng.normal())),
  );
  const days = Float64Array.from({ length: 60 }, (_, row) => rng.exponential(20 * Math.exp(x.data[3 * row + 2] || 0)));
  const followUp = { days, event: new Uint8Array(60).fill(1), watchedDays: days.map(() => 1_000) };
  // Of the model's columns it looks at the third and the first.
  const seen = takeColumns(x, [2, 0]);
  const state = fitHazard(seen, followUp, { intervalDays: 5, intervals: 6, columns: [0, 1], C: 1 });
  const survival = { features: ["c", "a"], state };
  const model = { features: ["a", "b", "c"], survival } as unknown as ModelFile;
  const together = expectedDaysLeft(survivalCurves(state, seen), 5);
  const apart = Array.from({ length: 60 }, (_, row) => daysLeft(model, x.data.slice(3 * row, 3 * row + 3)));
  expect(apart).toEqual([...together]);
  expect(new Set(apart).size).toBe(60);
  expect(daysLeft({ features: ["a"] } as unknown as ModelFile, Float64Array.of(1))).toBeNull();
});
