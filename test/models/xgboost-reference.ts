import { readFileSync } from "node:fs";
import { type Matrix, matrix } from "../../src/base/matrix.js";
import { readXgboostJson, type XgboostModel } from "../../src/models/xgboost-json/read.js";
import { readShared, sharedPath } from "../shared.js";

/** What XGBoost 2.1.4 gives for one of its saved models. */
interface Expected {
  readonly rows: "rows.json" | "rows-missing.json";
  readonly probability: readonly number[];
  readonly margin: readonly number[];
  /** Of the first 20 rows; the last entry of a row's contributions is the expected margin. */
  readonly contribsFirst20: readonly (readonly number[])[];
  readonly leafFirst20: readonly (readonly number[])[];
}

export const XGBOOST_MODELS = ["depth3", "depth6", "missing", "base-score"] as const;
export type XgboostName = (typeof XGBOOST_MODELS)[number];

/** For `needsShared`. */
export const XGBOOST_FILE = "reference/xgboost/expected.json";

export function xgboostText(name: XgboostName): string {
  return readFileSync(sharedPath(`reference/xgboost/model-${name}.json`), "utf8");
}

/** A saved model as we read it, the rows it is applied to, and what the library says of them. */
export function xgboostReference(name: XgboostName): { model: XgboostModel; x: Matrix; expected: Expected } {
  const { models } = readShared<{ expected: { models: Record<XgboostName, Expected> } }>(XGBOOST_FILE).expected;
  const expected = models[name];
  const { rows } = readShared<{ expected: { rows: (number | null)[][] } }>(
    `reference/xgboost/${expected.rows}`,
  ).expected;
  const cols = rows[0]?.length ?? 0;
  const data = Float64Array.from(rows.flat(), (value) => value ?? Number.NaN);
  return { model: readXgboostJson(xgboostText(name), name), x: matrix(rows.length, cols, data), expected };
}
