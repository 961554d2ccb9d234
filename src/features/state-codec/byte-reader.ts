import { RefrainError } from "../../base/errors.js";
import { isShort, NUMBER_MARK } from "./byte-writer.js";

const GROUP = 128;

/** Reads what `ByteWriter` wrote. Everything else is refused with `STATE_BROKEN`: bytes are written in one way only. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    // A Buffer's slices are views, whose memory is not aligned.
    this.#bytes = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get done(): boolean {
    return this.#at === this.#bytes.length;
  }

  byte(): number {
    const value = this.#bytes[this.#at++];
    if (value === undefined) throw broken("it ends too early");
    return value;
  }

  whole(): number {
    let value = 0;
    for (let factor = 1; ; factor *= GROUP) {
      const byte = this.byte();
      value += (byte % GROUP) * factor;
      if (value > Number.MAX_SAFE_INTEGER) throw broken("a number is too large");
      if (byte >= GROUP) continue;
      if (byte === 0 && factor > 1) throw broken("a number is longer than it need be");
      return value;
    }
  }

  number(): number {
    const mark = this.whole();
    switch (mark) {
      case NUMBER_MARK.nan:
        return Number.NaN;
      case NUMBER_MARK.minusOne:
        return -1;
      case NUMBER_MARK.float: {
        const [value = Number.NaN] = new Float64Array(this.bytes(8).slice().buffer);
        if (Number.isNaN(value) || value === -1 || isShort(value)) throw broken("a number is longer than it need be");
        return value;
      }
      default:
        return mark - NUMBER_MARK.whole;
    }
  }

  /** As many numbers as there is room for. */
  numbers(into: Float64Array): void {
    for (let i = 0; i < into.length; i++) into[i] = this.number();
  }

  /** The bytes that an action reads. */
  since(action: () => void): Uint8Array {
    const from = this.#at;
    action();
    return this.#bytes.subarray(from, this.#at);
  }

  bytes(length: number): Uint8Array {
    if (length > this.#bytes.length - this.#at) throw broken("it ends too early");
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  block(): Uint8Array {
    return this.bytes(this.whole());
  }
}

export function broken(reason: string): RefrainError {
  return new RefrainError("STATE_BROKEN", { reason });
}
