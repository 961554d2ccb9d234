import { type Matrix, takeColumns, takeRows } from "../base/matrix.js";
import type { Rng } from "../base/rng.js";
import { type Counts, fitPoissonMixture, kindProbabilities, type PoissonMixture } from "./poisson-mixture.js";

/** Users from whom kinds are learned, at most: the rates are known to a percent by then. */
const USERS_MAX = 3_000;

/** A thing users do, and its chances: two columns of counts. */
export interface Signal {
  readonly name: string;
  readonly events: number;
  readonly exposure: number;
}

/** Kinds of users as a model learned them; the columns they add are P(of the kind) for all but the largest. */
export interface KindsState {
  readonly signals: readonly Signal[];
  readonly mixture: PoissonMixture;
  /** Names of the added columns: `kind_more_…` or `kind_fewer_…`, by what tells the kind from the largest. */
  readonly names: readonly string[];
}

/**
 * Learns kinds of users from counts, without labels.
 *
 * @param rows of `x`: one a user, the latest
 */
export function fitKinds(x: Matrix, rows: Int32Array, signals: readonly Signal[], rng: Rng): KindsState {
  const every = Math.ceil(rows.length / USERS_MAX);
  const counts = countsOf(
    takeRows(
      x,
      rows.filter((_, i) => i % every === 0),
    ),
    signals,
  );
  const mixture = fitPoissonMixture(counts, rng);
  return { signals, mixture, names: namesOf(mixture, signals) };
}

/** The columns of `x`, then P(of the kind) for each kind but the largest. A missing count is no evidence. */
export function withKinds({ signals, mixture }: KindsState, x: Matrix): Matrix {
  const p = kindProbabilities(mixture, countsOf(x, signals));
  const added = p.cols - 1;
  const cols = x.cols + added;
  const data = new Float64Array(x.rows * cols);
  for (let i = 0; i < x.rows; i++) {
    data.set(x.data.subarray(i * x.cols, (i + 1) * x.cols), i * cols);
    data.set(p.data.subarray(i * p.cols + 1, (i + 1) * p.cols), i * cols + x.cols);
  }
  return { rows: x.rows, cols, data };
}

function countsOf(x: Matrix, signals: readonly Signal[]): Counts {
  const events = takeColumns(
    x,
    signals.map((signal) => signal.events),
  );
  const exposures = takeColumns(
    x,
    signals.map((signal) => signal.exposure),
  );
  events.data.forEach((value, at) => {
    if (!Number.isNaN(value) && !Number.isNaN(exposures.data[at])) return;
    events.data[at] = 0;
    exposures.data[at] = 0;
  });
  return { events, exposures };
}

/** Each kind by the signal that tells it from the largest in the fewest chances: by Kullback-Leibler divergence. */
function namesOf({ rates }: PoissonMixture, signals: readonly Signal[]): string[] {
  const [usual = []] = rates;
  const names = rates.slice(1).map((own) => {
    const telling = signals.map((_, s) => {
      const [here, there] = [own[s] ?? 1, usual[s] ?? 1];
      return here * Math.log(here / there) - here + there;
    });
    const most = telling.indexOf(Math.max(...telling));
    return `kind_${(own[most] ?? 0) > (usual[most] ?? 0) ? "more" : "fewer"}_${signals[most]?.name}`;
  });
  return names.map((name, i) => {
    const before = names.slice(0, i).filter((other) => other === name).length;
    return before === 0 ? name : `${name}_${before + 1}`;
  });
}
