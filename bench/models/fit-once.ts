import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { type Matrix, matrix } from "#src/base/matrix.js";
import { seededRng } from "#src/base/rng.js";
import { asInstant } from "#src/base/time.js";
import { rocAuc } from "#src/evaluate/metrics.js";
import { estimatorNamed } from "#src/models/registered.js";

/**
 * A measured program: one fit, and predictions of the rows behind those fitted on. Prints one JSON line. `--table PREFIX` reads
 * PREFIX.x (float32, row by row) and PREFIX.y (a byte a row); without it rows are drawn.
 */

const { values } = parseArgs({
  options: {
    model: { type: "string", default: "xgboost" },
    params: { type: "string", default: "{}" },
    table: { type: "string" },
    rows: { type: "string", default: "100000" },
    cols: { type: "string", default: "50" },
    threads: { type: "string", default: "2" },
    /** Share of the rows that is fitted on. */
    share: { type: "string", default: "0.8" },
  },
});
const rows = Number(values.rows);
const cols = Number(values.cols);
const cut = Math.floor(rows * Number(values.share));
const { x, y } = values.table === undefined ? drawn() : read(values.table);
const world = {
  now: () => asInstant(Date.now()),
  seed: 1,
  threads: Number(values.threads),
  log: { debug() {}, info() {}, warn() {} },
  signal: { aborted: false },
};
const estimator = estimatorNamed(values.model);
if (estimator === null) throw new Error(`no model is called ${values.model}`);
let started = performance.now();
const params = { ...estimator.defaults, ...JSON.parse(values.params) };
const state = estimator.fit(part(0, cut), y.subarray(0, cut), null, params, world);
const fit = (performance.now() - started) / 1000;
const test = part(cut, rows);
started = performance.now();
const p = estimator.predict(state, test);
const predict = (performance.now() - started) / 1000;
const auc = rows === cut ? null : rocAuc({ y: y.subarray(cut), p });
console.log(JSON.stringify({ auc, seconds: { fit, predict }, oneRowMicros: oneRow() }));

/** Microseconds for a row, predicted one at a time: the median of batches, rows taken in turn. */
function oneRow(): number | null {
  if (test.rows === 0) return null;
  const each = Array.from({ length: 1_000 }, (_, i) => part(cut + (i % test.rows), cut + (i % test.rows) + 1));
  const micros: number[] = [];
  for (let batch = 0; batch < 20; batch++) {
    const from = performance.now();
    for (const row of each) estimator?.predict(state, row);
    micros.push(performance.now() - from);
  }
  return micros.sort((a, b) => a - b)[10] ?? null;
}

function part(from: number, to: number): Matrix {
  return { rows: to - from, cols, data: x.data.subarray(from * cols, to * cols) };
}

function read(prefix: string): { x: Matrix; y: Uint8Array } {
  const bytes = readFileSync(`${prefix}.x`);
  const values = new Float32Array(bytes.buffer, bytes.byteOffset, rows * cols);
  return { x: matrix(rows, cols, Float64Array.from(values)), y: new Uint8Array(readFileSync(`${prefix}.y`)) };
}

/** Normal columns; the label follows some of them, and products of others. */
function drawn(): { x: Matrix; y: Uint8Array } {
  const rng = seededRng("rows");
  const table = matrix(rows, cols);
  const labels = new Uint8Array(rows);
  for (let i = 0; i < rows; i++) {
    const at = i * cols;
    for (let j = 0; j < cols; j++) table.data[at + j] = rng.normal();
    const [a = 0, b = 0, c = 0] = table.data.subarray(at, at + 3);
    labels[i] = rng.uniform() < 1 / (1 + Math.exp(2 - a - b * c)) ? 1 : 0;
  }
  return { x: table, y: labels };
}
