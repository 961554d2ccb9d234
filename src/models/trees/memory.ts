import { assert } from "../../base/assert.js";
import { GROUP } from "./bin-layout.js";
import type { BinnedTable } from "./bins.js";
import { GROUP_SIZE } from "./histogram.js";
import { DIVISION_ENTRY } from "./partition.js";
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
  /** By row: the label, the weight in the tree that grows, the log-odds so far, g and h in turn, and the hessian. */
  readonly y: Uint8Array;
  readonly weights: Float64Array;
  readonly margin: Float32Array;
  readonly rowSums: Float64Array;
  readonly hessians: Float64Array;
  /** Row numbers, node by node, and as much room; in step with them g and h, in turn. */
  readonly order: Uint32Array;
  readonly spare: Uint32Array;
  readonly sums: Float64Array;
  readonly histograms: Float64Array;
  /** What is to be done about nodes, and what came of it. */
  readonly tasks: Float64Array;
  readonly results: Float64Array;
  readonly allowed: Uint8Array;
  /** Nodes whose rows are to be divided, and where. */
  readonly divisions: Int32Array;
}

export function groupsOf(columns: number): number {
  return Math.ceil(columns / GROUP);
}

function sizesOf({ rows, columns, slots }: TrainingShape): Record<keyof TrainingArrays, number> {
  const groups = groupsOf(columns);
  return {
    bins: groups * GROUP * rows,
    y: rows,
    weights: 8 * rows,
    margin: 4 * rows,
    rowSums: 16 * rows,
    hessians: 8 * rows,
    order: 4 * rows,
    spare: 4 * rows,
    sums: 16 * rows,
    histograms: 8 * slots * groups * GROUP_SIZE,
    tasks: 8 * TASKS_MAX * BOARD_ENTRY,
    results: 8 * TASKS_MAX * groups * BOARD_ENTRY,
    allowed: TASKS_MAX * columns,
    divisions: 4 * TASKS_MAX * DIVISION_ENTRY,
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
    y: new Uint8Array(buffer, from("y"), sizes.y),
    weights: new Float64Array(buffer, from("weights"), sizes.weights / 8),
    margin: new Float32Array(buffer, from("margin"), sizes.margin / 4),
    rowSums: new Float64Array(buffer, from("rowSums"), sizes.rowSums / 8),
    hessians: new Float64Array(buffer, from("hessians"), sizes.hessians / 8),
    order: new Uint32Array(buffer, from("order"), sizes.order / 4),
    spare: new Uint32Array(buffer, from("spare"), sizes.spare / 4),
    sums: new Float64Array(buffer, from("sums"), sizes.sums / 8),
    histograms: new Float64Array(buffer, from("histograms"), sizes.histograms / 8),
    tasks: new Float64Array(buffer, from("tasks"), sizes.tasks / 8),
    results: new Float64Array(buffer, from("results"), sizes.results / 8),
    allowed: new Uint8Array(buffer, from("allowed"), sizes.allowed),
    divisions: new Int32Array(buffer, from("divisions"), sizes.divisions / 4),
  };
}

function aligned(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
}
