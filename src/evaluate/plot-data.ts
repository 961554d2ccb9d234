import { isoOf } from "../base/time.js";
import type { CurvePoints, PlotData } from "../schema/documents.js";
import { prCurve, rocCurve } from "./curves.js";
import { rocAuc } from "./metrics.js";

const POINTS_MAX = 200;
const BINS = 10;

interface Pooled {
  readonly y: Uint8Array;
  readonly p: Float64Array;
  readonly cutoffMs: Float64Array | null;
}

/** What the report draws, thinned to at most 200 points a curve. */
export function plotData(pooled: Pooled): PlotData {
  const roc = rocCurve(pooled);
  const pr = prCurve(pooled);
  return {
    roc: curve(
      roc.map((point) => point.falsePositiveRate),
      roc.map((point) => point.truePositiveRate),
    ),
    precisionRecall: curve(
      pr.map((point) => point.recall),
      pr.map((point) => point.precision),
    ),
    ...binned(pooled),
    perCutoff: perCutoff(pooled),
  };
}

function curve(x: readonly number[], y: readonly number[]): CurvePoints {
  const step = Math.max(1, Math.ceil(x.length / POINTS_MAX));
  const keep = (_: number, i: number) => i % step === 0 || i === x.length - 1;
  return { x: x.filter(keep), y: y.filter(keep) };
}

/** Ten bins of equal mass by predicted probability: how often they churned, and how much above the base rate that is. */
function binned({ y, p }: Pooled): { reliability: CurvePoints; lift: CurvePoints } {
  const order = Array.from(p.keys()).sort((a, b) => (p[b] ?? 0) - (p[a] ?? 0) || a - b);
  const baseRate = y.reduce<number>((sum, label) => sum + label, 0) / y.length;
  const bins = Array.from({ length: BINS }, (_, bin) =>
    order.slice(Math.floor((bin * order.length) / BINS), Math.floor(((bin + 1) * order.length) / BINS)),
  ).filter((rows) => rows.length > 0);
  const mean = (rows: readonly number[], of: ArrayLike<number>) =>
    rows.reduce((sum, row) => sum + (of[row] ?? 0), 0) / rows.length;
  const churned = bins.map((rows) => mean(rows, y));
  return {
    reliability: { x: bins.map((rows) => mean(rows, p)).reverse(), y: churned.toReversed() },
    lift: { x: bins.map((_, bin) => (bin + 1) / bins.length), y: churned.map((rate) => rate / baseRate) },
  };
}

function perCutoff({ y, p, cutoffMs }: Pooled): PlotData["perCutoff"] {
  if (cutoffMs === null) return [];
  const rowsOf = new Map<number, number[]>();
  cutoffMs.forEach((cutoff, row) => {
    const rows = rowsOf.get(cutoff);
    if (rows === undefined) rowsOf.set(cutoff, [row]);
    else rows.push(row);
  });
  return [...rowsOf].map(([cutoff, rows]) => {
    const labels = Uint8Array.from(rows, (row) => y[row] ?? 0);
    const auc = rocAuc({ y: labels, p: Float64Array.from(rows, (row) => p[row] ?? 0) });
    return {
      cutoff: isoOf(cutoff),
      rows: rows.length,
      churned: labels.reduce<number>((sum, label) => sum + label, 0),
      rocAuc: Number.isFinite(auc) ? auc : null,
    };
  });
}
