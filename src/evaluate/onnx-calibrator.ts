import { PROBABILITY_EPS } from "../base/math/sigmoid.js";
import type { OnnxGraph, Tensor } from "../models/onnx/graph.js";
import type { Calibrator } from "./calibration.js";

/** Adds a calibrator to a graph: what `applyCalibrator` gives, in float64. */
export function onnxOfCalibrator(graph: OnnxGraph, p: Tensor, calibrator: Calibrator): Tensor {
  switch (calibrator.kind) {
    case "none":
      return p;
    case "platt": {
      const low = graph.add("Max", [p, graph.double(PROBABILITY_EPS)]);
      const inside = graph.add("Min", [low, graph.double(1 - PROBABILITY_EPS)]);
      const rest = graph.add("Sub", [graph.double(1), inside]);
      const logit = graph.add("Sub", [graph.add("Log", [inside]), graph.add("Log", [rest])]);
      const line = graph.add("Mul", [logit, graph.double(-calibrator.a)]);
      return graph.add("Sigmoid", [graph.add("Sub", [line, graph.double(calibrator.b)])]);
    }
    case "isotonic":
      return brokenLine(graph, p, calibrator);
    default:
      return calibrator satisfies never;
  }
}

/** The value at the left end, and what each stretch adds up to where p lies. */
function brokenLine(
  graph: OnnxGraph,
  p: Tensor,
  { x, y }: { readonly x: readonly number[]; readonly y: readonly number[] },
): Tensor {
  const [start = 0, ...ends] = x;
  const from = [start, ...ends.slice(0, -1)];
  const first = graph.double(y[0] ?? 0);
  if (ends.length === 0) return graph.add("Add", [graph.add("Mul", [p, graph.double(0)]), first]);
  const inside = graph.add("Min", [graph.add("Max", [p, graph.doubles(from)]), graph.doubles(ends)]);
  const width = ends.map((end, i) => end - (from[i] ?? 0));
  const share = graph.add("Div", [graph.add("Sub", [inside, graph.doubles(from)]), graph.doubles(width)]);
  const rise = ends.map((_, i) => (y[i + 1] ?? 0) - (y[i] ?? 0));
  return graph.add("Add", [graph.add("MatMul", [share, graph.doubles(rise, [rise.length, 1])]), first]);
}
