import type { ModelState } from "../model-state.js";
import { onnxOfEnsemble } from "./ensemble.js";
import type { OnnxGraph, Tensor } from "./graph.js";
import { onnxOfLogistic } from "./logistic.js";
import { onnxOfSequence } from "./sequence.js";
import { onnxOfTrees } from "./trees.js";

/** Adds P(churn) before calibration to a graph, rows × 1, from rows × columns. */
export function onnxOfState(graph: OnnxGraph, input: Tensor, state: ModelState): Tensor {
  switch (state.kind) {
    case "logistic":
      return onnxOfLogistic(graph, input, state);
    case "boosting":
    case "xgboost":
    case "forest":
      return onnxOfTrees(graph, input, state);
    case "ensemble":
      return onnxOfEnsemble(graph, input, state, onnxOfState);
    case "sequence":
      return onnxOfSequence(graph, input, state);
    default:
      return state satisfies never;
  }
}
