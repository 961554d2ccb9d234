import { CERTAIN, type EnsembleState } from "../ensemble.js";
import type { ModelState } from "../model-state.js";
import type { OnnxGraph, Tensor } from "./graph.js";
import { onnxOfLogistic } from "./logistic.js";

/**
 * P(churn) of models asked together: their graphs side by side, then the mean, or the logistic regression on their log-odds.
 *
 * @param ofMember adds the graph of a member's state
 */
export function onnxOfEnsemble(
  graph: OnnxGraph,
  input: Tensor,
  { members, line }: EnsembleState,
  ofMember: (graph: OnnxGraph, input: Tensor, state: ModelState) => Tensor,
): Tensor {
  const said = members.map(({ state }) => ofMember(graph, input, state));
  if (line !== null) {
    const logits = said.map((p) => logOdds(graph, p));
    return onnxOfLogistic(graph, graph.add("Concat", logits, { axis: { int: 1 } }), line);
  }
  const [first, ...others] = said;
  const sum = others.reduce((total, p) => graph.add("Add", [total, p]), first as Tensor);
  return graph.add("Div", [sum, graph.double(said.length)]);
}

/** log p − log (1 − p), within `CERTAIN` of 0 and 1. */
function logOdds(graph: OnnxGraph, p: Tensor): Tensor {
  const near = graph.add("Max", [graph.add("Min", [p, graph.double(1 - CERTAIN)]), graph.double(CERTAIN)]);
  const other = graph.add("Sub", [graph.double(1), near]);
  return graph.add("Sub", [graph.add("Log", [near]), graph.add("Log", [other])]);
}
