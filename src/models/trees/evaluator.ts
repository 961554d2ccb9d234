// hot loop
import { GROUP } from "./bin-layout.js";
import type { Split } from "./growing.js";
import { COLUMN_SIZE, GROUP_SIZE, subtractHistogram } from "./histogram.js";
import { groupsOf, type TrainingArrays, type TrainingShape, trainingArrays } from "./memory.js";
import { divide } from "./partition.js";
import { bestOfColumn, type Regularisation } from "./second-order.js";
import { type NodeTask, TaskBoard } from "./task-board.js";
import type { Job } from "./threads/jobs.js";
import { type AddRows, addRowsOver, type Memory } from "./wasm/instance.js";

/** What a thread must know to look for splits; all of it may be sent there. */
export interface Evaluation {
  readonly memory: Memory;
  readonly shape: TrainingShape;
  readonly regularisation: Regularisation;
  /** By column: bins of values, the bin of missing ones or −1, and the constraint. */
  readonly valueBins: Int32Array;
  readonly missing: Int16Array;
  readonly monotone: Int8Array;
}

/** Job `group` looks at that group of columns for the first `count` tasks of the board. */
export function splitJob(evaluation: Evaluation): Job {
  const evaluator = new Evaluator(evaluation);
  return (group, count) => evaluator.work(group, count);
}

/** Job k does division k of the shared memory. */
export function rowJob({ memory, shape, missing }: Evaluation): Job {
  const arrays = trainingArrays(memory, shape);
  const table = { rows: shape.rows, bins: arrays.bins, missing };
  return (k) => divide(table, arrays, k);
}

/** Looks for the best splits of the nodes on a board, a group of columns at a time: on any thread. */
export class Evaluator {
  readonly arrays: TrainingArrays;
  readonly board: TaskBoard;
  readonly groups: number;
  private readonly evaluation: Evaluation;
  private readonly addRows: AddRows;

  constructor(evaluation: Evaluation) {
    const { memory, shape } = evaluation;
    this.evaluation = evaluation;
    this.groups = groupsOf(shape.columns);
    this.arrays = trainingArrays(memory, shape);
    this.board = new TaskBoard(this.arrays, shape.columns, this.groups);
    this.addRows = addRowsOver(memory);
  }

  /** Histograms and best splits of the first `count` tasks, in their order, by the columns of a group. */
  work(group: number, count: number): void {
    for (let at = 0; at < count; at++) {
      const task = this.board.task(at);
      const own = this.histogram(task.slot, group);
      if (task.sibling < 0) this.build(task, group, own);
      else subtractHistogram(own, this.histogram(task.sibling, group));
      this.board.answer(at, group, this.best(at, task, group, own));
    }
  }

  private histogram(slot: number, group: number): Float64Array {
    const from = (slot * this.groups + group) * GROUP_SIZE;
    return this.arrays.histograms.subarray(from, from + GROUP_SIZE);
  }

  private build({ begin, end }: NodeTask, group: number, out: Float64Array): void {
    const { bins, order, sums } = this.arrays;
    out.fill(0);
    const groupAt = bins.byteOffset + group * GROUP * this.evaluation.shape.rows;
    const orderAt = order.byteOffset;
    this.addRows(groupAt, orderAt + 4 * begin, orderAt + 4 * end, sums.byteOffset + 16 * begin, out.byteOffset);
  }

  private best(at: number, task: NodeTask, group: number, histogram: Float64Array): Split | null {
    const { shape, valueBins, missing, monotone, regularisation } = this.evaluation;
    let best: Split | null = null;
    for (let k = 0; k < GROUP; k++) {
      const column = group * GROUP + k;
      if (column >= shape.columns || !this.board.allows(at, column)) continue;
      const own = {
        column,
        bins: histogram,
        at: k * COLUMN_SIZE,
        count: valueBins[column]!,
        missing: missing[column]!,
        monotone: monotone[column] as -1 | 0 | 1,
      };
      const found = bestOfColumn(task, own, regularisation);
      if (found !== null && (best === null || found.gain > best.gain)) best = found;
    }
    return best;
  }
}
