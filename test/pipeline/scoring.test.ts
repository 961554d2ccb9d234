import { expect, test } from "vitest";
import { POINT_IN_TIME } from "../../src/features/catalogue.js";
import { fitLogistic, logistic } from "../../src/models/logistic.js";
import { predictRow } from "../../src/pipeline/scoring.js";
import type { ModelFile } from "../../src/registry/model-file.js";

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
  ["holidays_next_11d", 3, "holidays in the next 11 days 3, usually 1.5: lowers the odds by "],
  ["holidays_14d", 0, "holidays in 14 days 0, usually 1.5: raises the odds "],
  ["days_to_holiday", 3, "days to holiday 3, usually 1.5: lowers "],
  ["winter_index", -1, "winter index -1, usually 1.5: raises "],
  ["adverts_per_song_28d", 0.0213, "adverts per song in 28 days 0.021, usually 1.5: raises "],
  ["songs_week_trend", Math.log(0.25), "songs week trend 0.25, usually 4.5: raises "],
  ["log_days_since_first_event", Math.log1p(60), "days since first event 60, usually 3.5: lowers "],
  ["month_position", 0.5, "month position 0.5, usually 1.5: raises "],
])("a reason says %s in words", (feature, value, start) => {
  expect(reasonFor(feature, value)).toContain(start);
});

test("no feature's reason has a name of the catalogue left in it", () => {
  for (const { name } of POINT_IN_TIME.features) {
    const text = reasonFor(name, 0.5);
    expect(text, name).toMatch(/^[a-z][a-z0-9 ]* (-?[\d.]+(e-?\d+)?), usually /);
    expect(text, name).not.toMatch(/_|NaN|Infinity|\blog\b/);
  }
});
