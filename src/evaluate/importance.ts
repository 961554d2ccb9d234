import { sortedQuantile } from "../base/math/sorting.js";
import type { Matrix } from "../base/matrix.js";
import type { Rng } from "../base/rng.js";
import { asLogOdds, contributionsOf } from "../models/contributions.js";
import type { ModelState } from "../models/model-state.js";

/** How much a column moves the log-odds of churn: the mean of |contribution|, with its interval. */
export interface Importance {
  readonly column: number;
  readonly value: number;
  readonly low: number;
  readonly high: number;
  /** 1 where larger values mostly go with more churn, −1 with less; 0 where neither. */
  readonly direction: -1 | 0 | 1;
}

export interface ImportanceOptions {
  readonly resamples?: number;
  readonly level?: number;
  /** Of more rows every n-th is looked at; absent: 1,000, or fewer where trees have many nodes. */
  readonly rowsMax?: number;
}

/**
 * Global importance of each column (of contributions: the inputs, then kinds), largest first: mean |contribution| over rows, with a
 * percentile bootstrap over users (200 resamples, 95%). The interval says how far the mean depends on who is in the data, not
 * how another model would weigh the column.
 *
 * @param rows `user` names whose row it is
 */
export function importanceOf(
  state: ModelState,
  { x, user }: { readonly x: Matrix; readonly user: Int32Array },
  { resamples = 200, level = 0.95, rowsMax = rowsFor(state) }: ImportanceOptions,
  rng: Rng,
): Importance[] {
  const { users, columns, direction } = tally(state, x, user, Math.max(1, Math.ceil(x.rows / rowsMax)));
  const means: number[][] = [];
  for (let r = 0; r < resamples; r++)
    means.push(
      meanOf(
        users.map(() => users[rng.below(users.length)] ?? NOBODY),
        columns,
      ),
    );
  const mean = meanOf(users, columns);
  return mean
    .map((value, column): Importance => {
      const sorted = Float64Array.from(means, (drawn) => drawn[column] ?? 0).sort();
      const [low, high] = [(1 - level) / 2, (1 + level) / 2].map((share) => sortedQuantile(sorted, share));
      return { column, value, low: low ?? value, high: high ?? value, direction: direction[column] ?? 0 };
    })
    .sort((a, b) => b.value - a.value || a.column - b.column);
}

const ROWS = { least: 50, most: 1_000 };
/** Nodes looked at in all: some seconds. A forest of grown-out trees has half a million. */
const NODES_MAX = 3e7;

function rowsFor(state: ModelState): number {
  const wanted = Math.floor(NODES_MAX / Math.max(1, nodesOf(state)));
  return Math.min(Math.max(wanted, ROWS.least), ROWS.most);
}

function nodesOf(state: ModelState): number {
  if (state.kind === "ensemble") return state.members.reduce((sum, member) => sum + nodesOf(member.state), 0);
  return "trees" in state ? state.trees.reduce((sum, { feature }) => sum + feature.length, 0) : 0;
}

/** Sums of |contribution| over a user's rows. */
interface OneUser {
  readonly sums: Float64Array;
  rows: number;
}
const NOBODY: OneUser = { sums: new Float64Array(0), rows: 0 };

function tally(state: ModelState, x: Matrix, user: Int32Array, every: number) {
  const byUser = new Map<number, OneUser>();
  const covariance: Covariance[] = [];
  for (let row = 0; row < x.rows; row += every) {
    const { effects, values } = asLogOdds(contributionsOf(state, x.data.slice(row * x.cols, (row + 1) * x.cols)));
    const id = user[row] ?? -1;
    const own = byUser.get(id) ?? { sums: new Float64Array(effects.length), rows: 0 };
    byUser.set(id, own);
    own.rows++;
    effects.forEach((effect, column) => {
      own.sums[column] = (own.sums[column] ?? 0) + Math.abs(effect);
      covariance[column] ??= new Covariance();
      covariance[column].add(values[column] ?? Number.NaN, effect);
    });
  }
  const direction = covariance.map((one) => Math.sign(one.sum) as -1 | 0 | 1);
  return { users: [...byUser.values()], columns: direction.length, direction };
}

function meanOf(users: readonly OneUser[], columns: number): number[] {
  const sums = new Array<number>(columns).fill(0);
  let rows = 0;
  for (const user of users) {
    rows += user.rows;
    for (let column = 0; column < columns; column++) sums[column] = (sums[column] ?? 0) + (user.sums[column] ?? 0);
  }
  return sums.map((sum) => (rows === 0 ? 0 : sum / rows));
}

/** Of values and effects, in one pass (Welford 1962); missing values are left out. */
class Covariance {
  sum = 0;
  #count = 0;
  #meanX = 0;
  #meanY = 0;

  add(x: number, y: number): void {
    if (Number.isNaN(x)) return;
    this.#count++;
    const away = x - this.#meanX;
    this.#meanX += away / this.#count;
    this.#meanY += (y - this.#meanY) / this.#count;
    this.sum += away * (y - this.#meanY);
  }
}
