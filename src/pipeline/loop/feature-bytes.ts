// hot loop
import type { Matrix } from "../../base/matrix.js";

const NUMBER_BYTES = 8;

/** A row of features as they are stored: float64, little-endian. */
export function bytesOfRow({ cols, data }: Matrix, row: number): Uint8Array {
  const bytes = new Uint8Array(cols * NUMBER_BYTES);
  const view = new DataView(bytes.buffer);
  for (let j = 0; j < cols; j++) view.setFloat64(j * NUMBER_BYTES, data[row * cols + j]!, true);
  return bytes;
}

/** Writes stored features into a row; column j is number `places[j]` of the stored ones, −1 where they lack it. */
export function fillRow({ cols, data }: Matrix, row: number, bytes: Uint8Array, places: readonly number[]): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let j = 0; j < cols; j++) {
    const place = places[j] ?? -1;
    data[row * cols + j] = place < 0 ? Number.NaN : view.getFloat64(place * NUMBER_BYTES, true);
  }
}
