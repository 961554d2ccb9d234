import { assert } from "../../base/assert.js";
import { type BinnedTable, GROUP } from "./bins.js";
import { GROUP_SIZE } from "./histogram.js";
import { BOARD_ENTRY, TASKS_MAX } from "./task-board.js";
import { type Memory, memoryOf } from "./wasm/instance.js";

/** What the sizes of a training's arrays follow from. */
export interface TrainingShape {
  readonly rows: number;
  readonly columns: number;
  /** How many histograms of nodes there are. */
  readonly slots: number;
}

/** The arrays that threads train on together, in one memory that WebAssembly can read. */
export interface TrainingArrays {
  readonly bins: Uint8Array;
  /** Row numbers, node by node; in step with them g and h, in turn. */
  readonly order: Uint32Array;
  readonly sums: Float64Array;
  readonly histograms: Float64Array;
  /** What is to be done about nodes, and what came of it. */
  readonly tasks: Float64Array;
  readonly results: Float64Array;
  readonly allowed: Uint8Array;
}

export function groupsOf(columns: number): number {
  return Math.ceil(columns / GROUP);
}

function sizesOf({ rows, columns, slots }: TrainingShape): Record<keyof TrainingArrays, number> {
  const groups = groupsOf(columns);
  return {
    bins: groups * GROUP * rows,
    order: 4 * rows,
    sums: 16 * rows,
    histograms: 8 * slots * groups * GROUP_SIZE,
    tasks: 8 * TASKS_MAX * BOARD_ENTRY,
    results: 8 * TASKS_MAX * groups * BOARD_ENTRY,
    allowed: TASKS_MAX * columns,
  };
}

const ALIGNMENT = 64;

/** Memory for all the arrays, with the table's bins in it. */
export function trainingMemory(table: BinnedTable, slots: number, shared: boolean): Memory {
  const shape = { rows: table.rows, columns: table.columns.length, slots };
  const bytes = Object.values(sizesOf(shape)).reduce((sum, size) => sum + aligned(size), 0);
  assert(bytes < 2 ** 32, "the table takes more than the 4 GiB that training can address");
  const memory = memoryOf(bytes, shared);
  trainingArrays(memory, shape).bins.set(table.bins);
  return memory;
}

/** The arrays as they lie in a memory that was made for this shape. */
export function trainingArrays({ buffer }: Memory, shape: TrainingShape): TrainingArrays {
  const sizes = sizesOf(shape);
  const at = new Map<string, number>();
  let next = 0;
  for (const [name, size] of Object.entries(sizes)) {
    at.set(name, next);
    next += aligned(size);
  }
  const from = (name: keyof TrainingArrays) => at.get(name) ?? 0;
  return {
    bins: new Uint8Array(buffer, from("bins"), sizes.bins),
    order: new Uint32Array(buffer, from("order"), sizes.order / 4),
    sums: new Float64Array(buffer, from("sums"), sizes.sums / 8),
    histograms: new Float64Array(buffer, from("histograms"), sizes.histograms / 8),
    tasks: new Float64Array(buffer, from("tasks"), sizes.tasks / 8),
    results: new Float64Array(buffer, from("results"), sizes.results / 8),
    allowed: new Uint8Array(buffer, from("allowed"), sizes.allowed),
  };
}

function aligned(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
}
