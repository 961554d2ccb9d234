// hot loop
import { GROUP } from "./bin-layout.js";
import { FEW, FewRows } from "./few-rows.js";
import type { Split } from "./growing.js";
import { COLUMN_SIZE, clearHistogram, GROUP_SIZE, subtractHistogram } from "./histogram.js";
import { groupsOf, type TrainingArrays, type TrainingShape, trainingArrays } from "./memory.js";
import { divide } from "./partition.js";
import { betterOfColumn, type ColumnOfNode, type Regularisation } from "./second-order.js";
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

/** How many jobs looking for the splits of so many tasks is. */
export function splitJobs(groups: number, count: number): number {
  return count < 4 ? groups : 2 * groups;
}

/** A job looks at a group of columns for the first or second half of the `count` tasks on the board; families are not parted. */
export function splitJob(evaluation: Evaluation): Job {
  const evaluator = new Evaluator(evaluation);
  const { groups } = evaluator;
  return (job, count) => {
    const middle = splitJobs(groups, count) === groups ? count : 2 * (count >> 2);
    if (job < groups) evaluator.work(job, 0, middle);
    else evaluator.work(job - groups, middle, count);
  };
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
  private readonly few: FewRows;
  /** By column, and those that fill its group up: how many numbers of a histogram are in use. */
  private readonly used: Int32Array;

  constructor(evaluation: Evaluation) {
    const { memory, shape } = evaluation;
    this.evaluation = evaluation;
    this.groups = groupsOf(shape.columns);
    this.arrays = trainingArrays(memory, shape);
    this.board = new TaskBoard(this.arrays, shape.columns, this.groups);
    this.addRows = addRowsOver(memory);
    this.few = new FewRows(this.arrays, shape.rows);
    this.used = new Int32Array(this.groups * GROUP).fill(2);
    this.used.set(evaluation.valueBins.map((bins, column) => 2 * (evaluation.missing[column]! < 0 ? bins : bins + 1)));
  }

  /** Histograms and best splits of tasks, in their order, by the columns of a group. */
  work(group: number, first: number, end: number): void {
    let before: NodeTask | null = null;
    for (let at = first; at < end; at++) {
      const task = this.board.task(at);
      const own = this.histogramAt(task.slot, group);
      const isFew = isOfFew(task);
      // What a node of few rows comes from is needed no more: its children have few, too.
      if (!isFew) this.fill(task, before, group, own);
      this.board.answer(at, group, isFew ? this.bestOfFew(at, task, group) : this.best(at, task, group, own));
      before = task;
    }
  }

  /** @param before the task before, which is the sibling's where there is one */
  private fill(task: NodeTask, before: NodeTask | null, group: number, own: number): void {
    if (task.sibling < 0) this.build(task, group, own);
    else if (before !== null && isOfFew(before)) this.few.takeOff(before, group, own, COLUMN_SIZE);
    else subtractHistogram(this.arrays.histograms, own, this.histogramAt(task.sibling, group), this.used, group);
  }

  /** Where a histogram of a group begins among all: numbers, as arrays over a part of memory take longer to make than to read. */
  private histogramAt(slot: number, group: number): number {
    return (slot * this.groups + group) * GROUP_SIZE;
  }

  private build({ begin, end }: NodeTask, group: number, own: number): void {
    const { bins, order, sums, histograms } = this.arrays;
    clearHistogram(histograms, own, this.used, group);
    const groupAt = bins.byteOffset + group * GROUP * this.evaluation.shape.rows;
    const orderAt = order.byteOffset;
    const out = histograms.byteOffset + 8 * own;
    this.addRows(groupAt, orderAt + 4 * begin, orderAt + 4 * end, sums.byteOffset + 16 * begin, out);
  }

  private bestOfFew(at: number, task: NodeTask, group: number): Split | null {
    const { shape, regularisation } = this.evaluation;
    let best: Split | null = null;
    for (let k = 0; k < GROUP; k++) {
      const column = group * GROUP + k;
      if (column >= shape.columns || !this.board.allows(at, column)) continue;
      this.few.sum(task, group, k);
      best = betterOfColumn(task, this.ofNode(column, this.few.bins, 0, this.few), regularisation, best);
    }
    return best;
  }

  private ofNode(column: number, bins: Float64Array, at: number, listed: ColumnOfNode["listed"]): ColumnOfNode {
    const { valueBins, missing, monotone } = this.evaluation;
    const count = valueBins[column]!;
    return { column, bins, at, count, missing: missing[column]!, monotone: monotone[column] as -1 | 0 | 1, listed };
  }

  private best(at: number, task: NodeTask, group: number, own: number): Split | null {
    const { shape, regularisation } = this.evaluation;
    const { histograms } = this.arrays;
    let best: Split | null = null;
    for (let k = 0; k < GROUP; k++) {
      const column = group * GROUP + k;
      if (column >= shape.columns || !this.board.allows(at, column)) continue;
      best = betterOfColumn(task, this.ofNode(column, histograms, own + k * COLUMN_SIZE, null), regularisation, best);
    }
    return best;
  }
}

function isOfFew({ begin, end }: NodeTask): boolean {
  return end - begin <= FEW;
}
