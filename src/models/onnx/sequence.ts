import { FAR } from "../sequence/as-sequences.js";
import type { GruShape } from "../sequence/gru.js";
import type { SequenceState } from "../sequence/sequence.js";
import { ELEMENT, type OnnxGraph, type Tensor } from "./graph.js";

/** P(churn) of a recurrent network in float64, step by step: the GRU of ONNX is float32 in the usual runtimes. */
export function onnxOfSequence(graph: OnnxGraph, input: Tensor, state: SequenceState): Tensor {
  const { shape, members, shift } = state;
  const seen = graph.add("Gather", [input, graph.integers(state.columns)], { axis: { int: 1 } });
  const steps = stepsOf(graph, seen, state);
  const margins = members.map(({ theta }) => memberMargin(graph, shape, theta, steps));
  const [first, ...others] = margins;
  const sum = others.reduce((total, margin) => graph.add("Add", [total, margin]), first as Tensor);
  const mean = graph.add("Div", [sum, graph.double(members.length)]);
  return graph.add("Sigmoid", [graph.add("Add", [mean, graph.double(shift)])]);
}

interface Step {
  /** Standardised values, rows × channels. */
  readonly x: Tensor;
  /** Whether the step holds no value at all, rows × 1. */
  readonly skipped: Tensor;
}

function stepsOf(graph: OnnxGraph, seen: Tensor, { shape, mean, scale }: SequenceState): Step[] {
  return Array.from({ length: shape.steps }, (_, t) => {
    const columns = Array.from({ length: shape.channels }, (__, j) => t * shape.channels + j);
    const raw = graph.add("Gather", [seen, graph.integers(columns)], { axis: { int: 1 } });
    const missing = graph.add("IsNaN", [raw]);
    const z = graph.add("Div", [graph.add("Sub", [raw, graph.doubles(mean)]), graph.doubles(scale)]);
    const near = graph.add("Max", [graph.add("Min", [z, graph.double(FAR)]), graph.double(-FAR)]);
    const counted = graph.add("Cast", [missing], { to: { int: ELEMENT.double } });
    const absent = graph.add("ReduceSum", [counted, graph.integers([1])], { keepdims: { int: 1 } });
    const all = graph.double(shape.channels - 0.5);
    return {
      x: graph.add("Where", [missing, graph.double(0), near]),
      skipped: graph.add("Greater", [absent, all]),
    };
  });
}

/** Weights of one gate: of the channels, of the hidden units, and the bias. */
type Gate = readonly [x: Tensor, h: Tensor, bias: Tensor];

/** z = σ(Wz x + Uz h + bz), r = σ(Wr x + Ur h + br), c = tanh(Wc x + Uc (r ∘ h) + bc), h ← z ∘ h + (1 − z) ∘ c. */
function memberMargin(graph: OnnxGraph, shape: GruShape, theta: readonly number[], steps: readonly Step[]): Tensor {
  const { channels, hidden } = shape;
  const width = channels + hidden + 1;
  const gate = (g: number): Gate => {
    const of = (from: number, rows: number) =>
      Array.from({ length: rows * hidden }, (_, at) => {
        const [j, k] = [Math.floor(at / hidden), at % hidden];
        return theta[(g * hidden + k) * width + from + j] ?? 0;
      });
    return [
      graph.doubles(of(0, channels), [channels, hidden]),
      graph.doubles(of(channels, hidden), [hidden, hidden]),
      graph.doubles(of(width - 1, 1)),
    ];
  };
  const [update, reset, candidate] = [gate(0), gate(1), gate(2)];
  const argument = (x: Tensor, h: Tensor, [ofX, ofH, bias]: Gate): Tensor =>
    graph.add("Add", [graph.add("Add", [graph.add("MatMul", [x, ofX]), graph.add("MatMul", [h, ofH])]), bias]);
  const nothing = graph.doubles(new Float64Array(channels * hidden), [channels, hidden]);
  let h = graph.add("MatMul", [steps[0]?.x as Tensor, nothing]);
  for (const { x, skipped } of steps) {
    const z = graph.add("Sigmoid", [argument(x, h, update)]);
    const r = graph.add("Sigmoid", [argument(x, h, reset)]);
    const c = graph.add("Tanh", [argument(x, graph.add("Mul", [r, h]), candidate)]);
    const next = graph.add("Add", [c, graph.add("Mul", [z, graph.add("Sub", [h, c])])]);
    h = graph.add("Where", [skipped, h, next]);
  }
  const out = 3 * hidden * width;
  const weights = graph.doubles(theta.slice(out, out + hidden), [hidden, 1]);
  return graph.add("Add", [graph.add("MatMul", [h, weights]), graph.double(theta[out + hidden] ?? 0)]);
}
