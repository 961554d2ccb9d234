import type { KindsState } from "../kinds.js";
import type { LogisticState } from "../logistic.js";
import { ELEMENT, type OnnxGraph, type Tensor } from "./graph.js";

/** P(churn) of a logistic regression in float64: kinds of users, selection, scaler and coefficients. */
export function onnxOfLogistic(graph: OnnxGraph, input: Tensor, state: LogisticState): Tensor {
  const { columns, mean, scale, coef, intercept, kinds } = state;
  const seen = kinds === undefined ? input : withKinds(graph, input, kinds);
  if (columns.length === 0) {
    const zeros = graph.add("Mul", [present(graph, column(graph, seen, [0])), graph.double(0)]);
    return graph.add("Sigmoid", [graph.add("Add", [zeros, graph.double(intercept)])]);
  }
  const away = graph.add("Sub", [column(graph, seen, columns), graph.doubles(mean)]);
  const z = present(graph, graph.add("Div", [away, graph.doubles(scale)]));
  const sum = graph.add("MatMul", [z, graph.doubles(coef, [coef.length, 1])]);
  return graph.add("Sigmoid", [graph.add("Add", [sum, graph.double(intercept)])]);
}

/** The columns, then P(of each kind) but the largest: a softmax of Poisson log-likelihoods. */
function withKinds(graph: OnnxGraph, input: Tensor, { signals, mixture }: KindsState): Tensor {
  const { shares, rates } = mixture;
  if (shares.length === 1) return input;
  const events = column(
    graph,
    input,
    signals.map((signal) => signal.events),
  );
  const exposures = column(
    graph,
    input,
    signals.map((signal) => signal.exposure),
  );
  const known = graph.add("Mul", [isPresent(graph, events), isPresent(graph, exposures)]);
  // Things down, kinds across.
  const byKind = (of: (rate: number) => number): Tensor =>
    graph.doubles(
      signals.flatMap((_, s) => rates.map((own) => of(own[s] ?? 1))),
      [signals.length, rates.length],
    );
  const counted = (counts: Tensor): Tensor => graph.add("Mul", [present(graph, counts), known]);
  const likely = graph.add("MatMul", [counted(events), byKind(Math.log)]);
  const expected = graph.add("MatMul", [counted(exposures), byKind((rate) => rate)]);
  const log = graph.add("Add", [graph.add("Sub", [likely, expected]), graph.doubles(shares.map(Math.log))]);
  const p = graph.add("Softmax", [log], { axis: { int: 1 } });
  const others = column(
    graph,
    p,
    shares.slice(1).map((_, k) => k + 1),
  );
  return graph.add("Concat", [input, others], { axis: { int: 1 } });
}

function column(graph: OnnxGraph, from: Tensor, columns: readonly number[]): Tensor {
  return graph.add("Gather", [from, graph.integers(columns)], { axis: { int: 1 } });
}

/** 0 for missing. */
function present(graph: OnnxGraph, values: Tensor): Tensor {
  return graph.add("Where", [graph.add("IsNaN", [values]), graph.double(0), values]);
}

/** 1 where there is a value, 0 where it is missing. */
function isPresent(graph: OnnxGraph, values: Tensor): Tensor {
  const missing = graph.add("Cast", [graph.add("IsNaN", [values])], { to: { int: ELEMENT.double } });
  return graph.add("Sub", [graph.double(1), missing]);
}
