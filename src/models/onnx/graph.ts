import { littleEndian, Message } from "./protobuf.js";

/** Numbers of the fields in onnx.proto3 of the ONNX repository. */
const MODEL = { irVersion: 1, producerName: 2, producerVersion: 3, graph: 7, opset: 8, metadata: 14 } as const;
const GRAPH = { node: 1, name: 2, initializer: 5, input: 11, output: 12 } as const;
const NODE = { input: 1, output: 2, name: 3, opType: 4, attribute: 5, domain: 7 } as const;
const ATTRIBUTE = { name: 1, int: 3, text: 4, floats: 7, ints: 8, texts: 9, type: 20 } as const;
const TENSOR = { dims: 1, dataType: 2, name: 8, raw: 9 } as const;

const ATTRIBUTE_TYPE = { int: 2, text: 3, floats: 6, ints: 7, texts: 8 } as const;
/** Element types of tensors. */
export const ELEMENT = { float: 1, int64: 7, double: 11 } as const;

const IR_VERSION = 8;
const OPSET = 14;
const ML_DOMAIN = "ai.onnx.ml";
const ML_OPSET = 1;

/** Smaller constants that are the same are written once. */
const SHARED_BYTES_MAX = 128;

/** The name of a tensor in a graph. */
export type Tensor = string & { readonly __tensor: true };

export type Attribute =
  | { readonly int: number }
  | { readonly text: string }
  | { readonly floats: readonly number[] }
  | { readonly ints: readonly number[] }
  | { readonly texts: readonly string[] };

/**
 * Gathers the nodes of an ONNX graph in the order in which they are worked out; each call returns the tensor that it adds. The
 * input is double, rows × columns, NaN for missing; the last tensor is the output, rows × 1.
 */
export class OnnxGraph {
  readonly input = "features" as Tensor;
  readonly inputs: number;
  readonly #nodes: Message[] = [];
  readonly #constants: Message[] = [];
  readonly #known = new Map<string, Tensor>();
  #tensors = 0;

  constructor(inputs: number) {
    this.inputs = inputs;
  }

  /** A node of the operators that every runtime has (`ai.onnx`). */
  add(operator: string, inputs: readonly Tensor[], attributes: Readonly<Record<string, Attribute>> = {}): Tensor {
    return this.#add(operator, inputs, attributes, "");
  }

  /** A node of the operators of machine learning (`ai.onnx.ml`). */
  addMl(operator: string, inputs: readonly Tensor[], attributes: Readonly<Record<string, Attribute>>): Tensor {
    return this.#add(operator, inputs, attributes, ML_DOMAIN);
  }

  #add(
    operator: string,
    inputs: readonly Tensor[],
    attributes: Readonly<Record<string, Attribute>>,
    domain: string,
  ): Tensor {
    const output = this.#fresh();
    const node = new Message();
    for (const input of inputs) node.text(NODE.input, input);
    node.text(NODE.output, output).text(NODE.name, `${operator} ${output}`).text(NODE.opType, operator);
    for (const [name, attribute] of Object.entries(attributes))
      node.message(NODE.attribute, attributeOf(name, attribute));
    if (domain !== "") node.text(NODE.domain, domain);
    this.#nodes.push(node);
    return output;
  }

  /** Float64 numbers; without a shape they are one row. */
  doubles(values: ArrayLike<number>, shape: readonly number[] = [1, values.length]): Tensor {
    return this.#constant(ELEMENT.double, littleEndian(Float64Array.from(values)), shape);
  }

  double(value: number): Tensor {
    return this.doubles([value], [1, 1]);
  }

  floats(values: ArrayLike<number>, shape: readonly number[]): Tensor {
    return this.#constant(ELEMENT.float, littleEndian(Float32Array.from(values)), shape);
  }

  integers(values: readonly number[]): Tensor {
    return this.#constant(ELEMENT.int64, littleEndian(BigInt64Array.from(values, BigInt)), [values.length]);
  }

  #constant(dataType: number, raw: Uint8Array, shape: readonly number[]): Tensor {
    const key = `${dataType} ${shape.join("×")} ${raw.length > SHARED_BYTES_MAX ? this.#tensors : raw.join()}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const name = this.#fresh();
    const tensor = new Message().ints(TENSOR.dims, shape).int(TENSOR.dataType, dataType).text(TENSOR.name, name);
    this.#constants.push(tensor.bytes(TENSOR.raw, raw));
    this.#known.set(key, name);
    return name;
  }

  #fresh(): Tensor {
    return `t${this.#tensors++}` as Tensor;
  }

  /**
   * The file: one input `features`, one output `churn_probability`.
   *
   * @param output what the graph is for, rows × 1
   * @param metadata texts that runtimes show with the model
   */
  encoded(output: Tensor, metadata: Readonly<Record<string, string>>): Uint8Array {
    const named = "churn_probability" as Tensor;
    const identity = new Message().text(NODE.input, output).text(NODE.output, named).text(NODE.opType, "Identity");
    const graph = new Message();
    for (const node of [...this.#nodes, identity]) graph.message(GRAPH.node, node);
    graph.text(GRAPH.name, "refrain");
    for (const constant of this.#constants) graph.message(GRAPH.initializer, constant);
    graph.message(GRAPH.input, valueInfo(this.input, this.inputs)).message(GRAPH.output, valueInfo(named, 1));
    const model = new Message().int(MODEL.irVersion, IR_VERSION).text(MODEL.producerName, "refrain");
    model
      .message(MODEL.graph, graph)
      .message(MODEL.opset, opset("", OPSET))
      .message(MODEL.opset, opset(ML_DOMAIN, ML_OPSET));
    for (const [key, value] of Object.entries(metadata)) {
      model.message(MODEL.metadata, new Message().text(1, key).text(2, value));
    }
    return model.encoded();
  }
}

function attributeOf(name: string, attribute: Attribute): Message {
  const message = new Message().text(ATTRIBUTE.name, name);
  if ("int" in attribute) return message.int(ATTRIBUTE.int, attribute.int).int(ATTRIBUTE.type, ATTRIBUTE_TYPE.int);
  if ("text" in attribute) return message.text(ATTRIBUTE.text, attribute.text).int(ATTRIBUTE.type, ATTRIBUTE_TYPE.text);
  if ("floats" in attribute) {
    return message.floats(ATTRIBUTE.floats, attribute.floats).int(ATTRIBUTE.type, ATTRIBUTE_TYPE.floats);
  }
  if ("ints" in attribute) return message.ints(ATTRIBUTE.ints, attribute.ints).int(ATTRIBUTE.type, ATTRIBUTE_TYPE.ints);
  for (const text of attribute.texts) message.text(ATTRIBUTE.texts, text);
  return message.int(ATTRIBUTE.type, ATTRIBUTE_TYPE.texts);
}

/** A tensor of doubles, as many rows as are given. */
function valueInfo(name: string, columns: number): Message {
  const shape = new Message().message(1, new Message().text(2, "rows")).message(1, new Message().int(1, columns));
  const tensor = new Message().int(1, ELEMENT.double).message(2, shape);
  return new Message().text(1, name).message(2, new Message().message(1, tensor));
}

function opset(domain: string, version: number): Message {
  const message = new Message();
  if (domain !== "") message.text(1, domain);
  return message.int(2, version);
}
