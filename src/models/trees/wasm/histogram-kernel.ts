import { GROUP } from "../bin-layout.js";
import { COLUMN_SIZE } from "../histogram.js";
import { type Code, type Kernel, wasm } from "./assemble.js";

// Parameters: byte addresses of the group's bins, of the first and behind the last row number, of the rows' sums and of the histogram.
const BINS_AT = 0;
const ORDER = 1;
const ORDER_END = 2;
const SUMS = 3;
const OUT = 4;
// Locals: the four bins of a row, the address of one of its sums in the histogram; g and h of the row.
const FOUR = 5;
const AT = 6;
const ROW = 7;

const COLUMN_BYTES = 8 * COLUMN_SIZE;

const { get, set, tee, i32, add, shl, shrU, and, i32Load, v128Load, v128Store, f64x2Add } = wasm;

/** out[bin] += (g, h) for the column whose bin is byte k of the four. */
function addTo(k: number): Code[] {
  return [
    // OUT + 16 × bin
    ...[get(OUT), get(FOUR), i32(8 * k), shrU, i32(0xff), and, i32(4), shl, add, tee(AT)],
    ...[get(AT), v128Load(k * COLUMN_BYTES), get(ROW), f64x2Add, v128Store(k * COLUMN_BYTES)],
  ];
}

/** What `buildHistogram` does after it has set all to 0: g and h of a row are one vector, added at once. */
export const histogramKernel: Kernel = {
  name: "addRows",
  parameters: 5,
  locals: { i32: 2, v128: 1 },
  body: [
    // No rows: nothing to do.
    ...[get(ORDER), get(ORDER_END), wasm.geU, wasm.returnIf],
    wasm.doWhile(
      // FOUR = the word at BINS_AT + 4 × row; a group's bins of a row are one word.
      ...[get(BINS_AT), get(ORDER), i32Load, i32(Math.log2(GROUP)), shl, add, i32Load, set(FOUR)],
      ...[get(SUMS), v128Load(0), set(ROW)],
      ...Array.from({ length: GROUP }, (_, k) => addTo(k)).flat(),
      ...[get(SUMS), i32(16), add, set(SUMS)],
      ...[get(ORDER), i32(4), add, tee(ORDER), get(ORDER_END), wasm.ltU],
    ),
  ],
};
