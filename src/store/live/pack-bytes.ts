/** Many byte strings as one parameter: an array of `bytea` would travel as hexadecimal text, twice as long. */
export interface PackedBytes {
  readonly bytes: Uint8Array;
  /** Where each begins, from 1, as `substring` counts. */
  readonly from: readonly number[];
  readonly length: readonly number[];
}

export function packBytes(parts: readonly Uint8Array[]): PackedBytes {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  const from: number[] = [];
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    from.push(at + 1);
    at += part.length;
  }
  return { bytes, from, length: parts.map((part) => part.length) };
}
