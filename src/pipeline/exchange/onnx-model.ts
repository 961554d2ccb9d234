import { onnxOfCalibrator } from "../../evaluate/onnx-calibrator.js";
import type { ModelState } from "../../models/model-state.js";
import { OnnxGraph } from "../../models/onnx/graph.js";
import { onnxOfState } from "../../models/onnx/state.js";
import type { ModelFile } from "../../registry/model-file.js";

/**
 * A whole model as ONNX (opset 14, ai.onnx.ml 1): from one double tensor `features` [rows, columns], columns in the model's order and
 * NaN for missing, to `churn_probability` [rows, 1], calibrated.
 */
export function onnxOfModel({ version, features, state, calibrator, label, threshold }: ModelFile): Uint8Array {
  const graph = new OnnxGraph(features.length);
  const raw = onnxOfState(graph, graph.input, state as ModelState);
  return graph.encoded(onnxOfCalibrator(graph, raw, calibrator), {
    version,
    label: label.name,
    threshold: String(threshold.value),
    features: JSON.stringify(features),
  });
}
