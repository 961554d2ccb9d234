import { RefrainError } from "../../base/errors.js";
import type { ModelState } from "../../models/model-state.js";
import { writeXgboostJson } from "../../models/xgboost-json/write.js";
import { loadModel } from "../../registry/local.js";
import type { ModelFile } from "../../registry/model-file.js";
import type { ExportDocument } from "../../schema/exchange-documents.js";
import { writeAtomically } from "../../store/atomic-file.js";
import { type ExportFormat, realNames } from "./formats.js";
import { onnxOfModel } from "./onnx-model.js";
import { scaledMargin } from "./scaled-margin.js";

/**
 * Writes a version to a file that says the same as the model does, calibrator included. Fails with MODEL_UNKNOWN, MODEL_BROKEN or
 * EXPORT_UNFIT.
 */
export function exportModel(
  home: string,
  { version, format, out }: { version: string; format: ExportFormat; out: string },
): ExportDocument {
  const { model } = loadModel(home, version);
  const content = WRITERS[format](model);
  writeAtomically(out, content);
  return { version, format, file: out, bytes: Buffer.byteLength(content) };
}

const WRITERS = {
  json: (model) => `${JSON.stringify(model)}\n`,
  onnx: onnxOfModel,
  xgboost: xgboostOf,
} as const satisfies Record<ExportFormat, (model: ModelFile) => string | Uint8Array>;

/** A file of XGBoost holds trees whose leaves are log-odds, and nothing behind them: a Platt line goes into the leaves. */
function xgboostOf({ version, state, calibrator, features }: ModelFile): string {
  const known = state as ModelState;
  const unfit = (reason: string): RefrainError => {
    const advice = "Write it as onnx or json, which hold every model whole.";
    return new RefrainError("EXPORT_UNFIT", { version, format: "xgboost", reason, advice });
  };
  if (known.kind !== "boosting" && known.kind !== "xgboost") {
    throw unfit(`that format holds boosted trees, and its estimator is ${known.kind}`);
  }
  if (calibrator.kind === "isotonic") throw unfit("that format has no place for its isotonic calibrator");
  return writeXgboostJson(calibrator.kind === "none" ? known : scaledMargin(known, calibrator), realNames(features));
}
