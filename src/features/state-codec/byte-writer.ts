// hot loop
const GROUP = 128;
/** First bytes of a number: what is no whole number from 0 on, and where those begin. */
export const NUMBER_MARK = { nan: 0, float: 1, minusOne: 2, whole: 3 } as const;

const FLOAT = new Float64Array(1);
const FLOAT_BYTES = new Uint8Array(FLOAT.buffer);

/** Grows as bytes are written. */
export class ByteWriter {
  #bytes = new Uint8Array(1024);
  #length = 0;

  byte(value: number): void {
    this.#room(1);
    this.#bytes[this.#length++] = value;
  }

  /** A whole number from 0 to 2^53 as LEB128: seven bits a byte, the lowest first. */
  whole(value: number): void {
    let rest = value;
    while (rest >= GROUP) {
      this.byte((rest % GROUP) + GROUP);
      rest = Math.floor(rest / GROUP);
    }
    this.byte(rest);
  }

  /** Any number, to the bit; whole ones from −1 on are short. There is one NaN. */
  number(value: number): void {
    if (Number.isNaN(value)) this.byte(NUMBER_MARK.nan);
    else if (value === -1) this.byte(NUMBER_MARK.minusOne);
    else if (isShort(value)) this.whole(value + NUMBER_MARK.whole);
    else {
      this.byte(NUMBER_MARK.float);
      FLOAT[0] = value;
      this.bytes(FLOAT_BYTES);
    }
  }

  numbers(values: Float64Array): void {
    this.#room(values.length);
    for (let i = 0; i < values.length; i++) {
      const value = values[i]!;
      // Nearly all are counts: of one byte, which -0 is not.
      if (value > 0 && value < GROUP - NUMBER_MARK.whole && Math.floor(value) === value) {
        this.#bytes[this.#length++] = value + NUMBER_MARK.whole;
      } else if (Object.is(value, 0)) this.#bytes[this.#length++] = NUMBER_MARK.whole;
      else {
        this.number(value);
        this.#room(values.length - i);
      }
    }
  }

  bytes(values: Uint8Array): void {
    this.#room(values.length);
    this.#bytes.set(values, this.#length);
    this.#length += values.length;
  }

  /** A length, then the bytes. */
  block(values: Uint8Array): void {
    this.whole(values.length);
    this.bytes(values);
  }

  /** What was written, until more is. */
  written(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  /** Begins again, in the room there is. */
  clear(): void {
    this.#length = 0;
  }

  #room(more: number): void {
    if (this.#length + more <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(2 * this.#bytes.length, this.#length + more));
    larger.set(this.#bytes);
    this.#bytes = larger;
  }
}

/** Whether a number is written as a whole one. */
export function isShort(value: number): boolean {
  return (
    Number.isSafeInteger(value + NUMBER_MARK.whole) && value >= 0 && !Object.is(value, -0) && Number.isInteger(value)
  );
}
