import { utf8ToBytes } from "@noble/hashes/utils.js";

/**
 * Writes one message of Protocol Buffers (protobuf.dev/programming-guides/encoding): numbers as varints or little-endian floats,
 * all else with its length in front. ONNX needs no more of the format.
 */
export class Message {
  readonly #parts: Uint8Array[] = [];

  /** Whole numbers up to 2^53 in size; negative ones take ten bytes, as int64 does. */
  int(field: number, value: number): this {
    this.#parts.push(varint(field * 8), varint(value));
    return this;
  }

  float(field: number, value: number): this {
    this.#parts.push(varint(field * 8 + 5), new Uint8Array(littleEndian(Float32Array.of(value))));
    return this;
  }

  text(field: number, value: string): this {
    return this.bytes(field, utf8ToBytes(value));
  }

  message(field: number, value: Message): this {
    return this.bytes(field, value.encoded());
  }

  /** Repeated numbers side by side under one tag ("packed"). */
  ints(field: number, values: readonly number[]): this {
    return this.bytes(field, joined(values.map(varint)));
  }

  floats(field: number, values: readonly number[]): this {
    return this.bytes(field, littleEndian(Float32Array.from(values)));
  }

  bytes(field: number, value: Uint8Array): this {
    this.#parts.push(varint(field * 8 + 2), varint(value.length), value);
    return this;
  }

  encoded(): Uint8Array {
    return joined(this.#parts);
  }
}

const PAYLOAD_BITS = 7n;
const MORE = 0x80n;

function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  while (rest >= MORE) {
    bytes.push(Number((rest & (MORE - 1n)) | MORE));
    rest >>= PAYLOAD_BITS;
  }
  bytes.push(Number(rest));
  return Uint8Array.from(bytes);
}

/** The bytes of numbers, lowest first, whatever this machine's order. */
export function littleEndian(values: Float32Array | Float64Array | BigInt64Array): Uint8Array {
  const bytes = new Uint8Array(values.buffer.slice(values.byteOffset, values.byteOffset + values.byteLength));
  const isLittle = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;
  if (isLittle) return bytes;
  const size = values.BYTES_PER_ELEMENT;
  return bytes.map((_, i) => bytes[i - (i % size) + (size - 1 - (i % size))] ?? 0);
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
