// hot loop
import { logit, sigmoid } from "../../base/math/sigmoid.js";
import { sortedQuantile } from "../../base/math/sorting.js";
import type { Rng } from "../../base/rng.js";
import { METRICS } from "../../evaluate/metrics.js";
import type { Counted, Scored } from "../../evaluate/scored.js";
import { ESTIMATED_NAMES, type EstimatedFigures, type EstimatedName } from "../../schema/loop-documents.js";
import { LIVE_METRICS } from "../concept/live-metrics.js";
import { groupsOf, userNumbers } from "../concept/matured-rows.js";
import { drawLine } from "./calibration-belief.js";
import type { CalibrationBelief } from "./calibration-line.js";
import { DRAWN, type OpenRows, pathDraws } from "./path-draws.js";

/** Scored rows of a window, of which some are not ripe. */
export interface WaitingRows {
  readonly users: readonly string[];
  readonly cutoffMs: Float64Array;
  readonly p: Float64Array;
  readonly flagged: Uint8Array;
  /** 1 or 0 where it is known already, −1 for left out, −2 for open. */
  readonly outcome: Int8Array;
}

export interface EstimateShape {
  readonly gapMs: number;
  readonly horizonMs: number;
  /** Up to here it is known who left: open rows have none until then. */
  readonly knownToMs: number;
  readonly belief: CalibrationBelief;
}

export interface QualityEstimate {
  readonly rows: number;
  /** Rows that still waited. */
  readonly open: number;
  /** Users who are expected to churn among them, and are known to have. */
  readonly expectedPositives: number;
  readonly figures: EstimatedFigures;
}

const DRAWS = 250;
const LEVEL = 0.95;
/** Users drawn for each user of whom anything is open. */
const TIMES = 2;

/**
 * Confidence-based performance estimation: what a metric will be once outcomes are known, from calibrated scores alone. Each draw
 * takes a line of calibration from what is believed of it, users with replacement, and one path of each, and measures; the band holds
 * 95% of the draws, and so has the chance in outcomes and in who is there in it, that a user's rows go together, and how well the
 * calibration is known. It knows nothing of a change in what makes users leave: see `trustOf`. (After Białek, Kuberski, Perrakis & Bifet 2024; NannyML's CBPE has no such band.)
 */
export function expectedQuality(rows: WaitingRows, shape: EstimateShape, rng: Rng): QualityEstimate {
  const n = rows.p.length;
  const open = openRows(rows, shape);
  // What is to come depends on how users look now, not on how they looked at an earlier cutoff.
  const latest = latestRows(rows);
  const scores = Float64Array.from(latest, (row) => logit(rows.p[row] ?? 0));
  const draw = pathDraws(open);
  const measures = prepared(rows);
  const weigh = openUserWeights(rows);
  const weight = new Float64Array(n);
  const found = new Uint8Array(n);
  const counts = new Float64Array(2 * n);
  const values = ESTIMATED_NAMES.map((): number[] => []);
  let positives = 0;
  for (let d = 0; d < DRAWS; d++) {
    const { intercept, slope } = drawLine(shape.belief, rng);
    for (let row = 0; row < n; row++) {
      open.rate[row] = -Math.log1p(-Math.min(1 - 1e-9, sigmoid(intercept + slope * scores[row]!))) / shape.horizonMs;
    }
    draw(found, rng);
    weigh(weight, rng);
    for (let row = 0; row < n; row++) {
      const known = rows.outcome[row]!;
      const y = known === -2 ? found[row]! : known === -1 ? DRAWN.inGap : known;
      counts[row] = y === 0 ? weight[row]! : 0;
      counts[n + row] = y === 1 ? weight[row]! : 0;
      if (y === 1) positives += weight[row]!;
    }
    measures.forEach((measured, m) => {
      const value = measured(counts);
      if (Number.isFinite(value)) values[m]!.push(value);
    });
  }
  const figures = ESTIMATED_NAMES.map((name, m) => [name, figureOf(values[m] ?? [])] as const);
  return {
    rows: n,
    open: rows.outcome.reduce((sum, outcome) => sum + (outcome === -2 ? 1 : 0), 0),
    expectedPositives: positives / DRAWS,
    figures: Object.fromEntries(figures) as EstimatedFigures,
  };
}

function figureOf(values: readonly number[]) {
  if (values.length < DRAWS / 2) return null;
  const sorted = Float64Array.from(values).sort();
  return {
    value: values.reduce((sum, value) => sum + value, 0) / values.length,
    low: sortedQuantile(sorted, (1 - LEVEL) / 2),
    high: sortedQuantile(sorted, (1 + LEVEL) / 2),
  };
}

/**
 * Bootstrap over the users of whom anything is open: how often each of them is there in a draw. Scores may be wrong for kinds of users,
 * and which kinds are there is chance; who is known to the end counts once. Twice as many are drawn as there are, each counting half:
 * in simulated steady worlds bands without this are an eighth too narrow, and with as many draws as users a sixth too wide.
 */
function openUserWeights({ users, outcome }: WaitingRows): (weight: Float64Array, rng: Rng) => void {
  const places = new Map<string, number>();
  users.forEach((user, row) => {
    if (outcome[row] === -2 && !places.has(user)) places.set(user, places.size);
  });
  const place = Int32Array.from(users, (user) => places.get(user) ?? -1);
  const times = new Float64Array(places.size);
  return (weight, rng) => {
    times.fill(0);
    for (let k = 0; k < TIMES * times.length; k++) times[rng.below(times.length)]! += 1 / TIMES;
    for (let row = 0; row < place.length; row++) weight[row] = place[row]! < 0 ? 1 : times[place[row]!]!;
  };
}

/** For each row the last one of its user in the window. */
function latestRows({ users, cutoffMs }: WaitingRows): Int32Array {
  const last = new Map<string, number>();
  users.forEach((user, row) => {
    const known = last.get(user);
    if (known === undefined || cutoffMs[known]! < cutoffMs[row]!) last.set(user, row);
  });
  return Int32Array.from(users, (user, row) => last.get(user) ?? row);
}

function openRows(
  { users, cutoffMs, outcome }: WaitingRows,
  { gapMs, horizonMs, knownToMs }: EstimateShape,
): OpenRows & {
  rate: Float64Array;
} {
  const isOpen = (row: number) => outcome[row] === -2;
  const gapEnd = cutoffMs.map((at) => at + gapMs);
  const from = cutoffMs.map((at, row) => (isOpen(row) ? Math.max(at, knownToMs) : Number.POSITIVE_INFINITY));
  return {
    user: userNumbers(users),
    gapMs: from,
    fromMs: gapEnd,
    toMs: gapEnd.map((at) => at + horizonMs),
    rate: new Float64Array(cutoffMs.length),
  };
}

/** Every row twice, as kept and as churned: a draw says by its counts which of them is there, and nothing is sorted again. */
function prepared({ p, flagged, cutoffMs }: WaitingRows): Counted[] {
  const n = p.length;
  const y = new Uint8Array(2 * n).fill(1, n);
  const twice = (values: Float64Array) => Float64Array.from({ length: 2 * n }, (_, i) => values[i % n]!);
  const groups = groupsOf(cutoffMs);
  const group = Int32Array.from({ length: 2 * n }, (_, i) => groups[i % n]!);
  const ranked: Scored = { y, p: twice(p), group };
  const decided: Scored = { y, p: twice(Float64Array.from(flagged)), threshold: 0.5, group };
  return ESTIMATED_NAMES.map((name: EstimatedName) =>
    METRICS[LIVE_METRICS[name]].prepare(name === "f1" ? decided : ranked),
  );
}
