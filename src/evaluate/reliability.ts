import { orderAscending } from "../base/math/sorting.js";
import type { CalibrationGroup, ReliabilityBin } from "../schema/decisions-document.js";
import { measure } from "./metrics.js";
import type { Scored } from "./scored.js";
import { shareInterval } from "./share-interval.js";

const BINS = 10;

/** Rows whose calibration is looked at. */
export interface CalibratedRows {
  readonly y: Uint8Array;
  readonly p: Float64Array;
  readonly user: Int32Array;
}

/** Bins of equal mass by predicted probability (fewer where there are fewer rows), with what was seen in them. */
export function reliabilityBins({ y, p, user }: CalibratedRows): ReliabilityBin[] {
  const order = orderAscending(p);
  return Array.from({ length: BINS }, (_, bin) =>
    order.subarray(Math.floor((bin * order.length) / BINS), Math.floor(((bin + 1) * order.length) / BINS)),
  )
    .filter((rows) => rows.length > 0)
    .map((rows) => seenIn(rows, { y, p, user }));
}

function seenIn(rows: Int32Array, { y, p, user }: Pick<CalibratedRows, "y" | "p" | "user">): ReliabilityBin {
  const { share, low, high } = shareInterval(
    Array.from(rows, (row) => y[row] ?? 0),
    Array.from(rows, (row) => user[row] ?? -1),
  );
  const predicted = rows.reduce((sum, row) => sum + (p[row] ?? 0), 0) / rows.length;
  return { rows: rows.length, predicted, observed: share, low, high };
}

/**
 * The same rows by group, largest first: what was predicted and seen in each, and how well it ranks there. Groups of fewer than
 * `rowsMin` rows are put together as "other".
 *
 * @param groupOf the group of a row; null for unknown
 */
export function calibrationByGroup(
  rows: CalibratedRows,
  groupOf: (row: number) => string | null,
  { groupsMax, rowsMin }: { readonly groupsMax: number; readonly rowsMin: number },
): CalibrationGroup[] {
  const members = new Map<string, number[]>();
  for (let row = 0; row < rows.y.length; row++) {
    const name = groupOf(row) ?? "unknown";
    const own = members.get(name);
    if (own === undefined) members.set(name, [row]);
    else own.push(row);
  }
  const bySize = [...members].sort(([a, x], [b, y]) => y.length - x.length || (a < b ? -1 : 1));
  const shown = bySize.filter(([, own], at) => at < groupsMax && own.length >= rowsMin);
  const rest = bySize.filter((group) => !shown.includes(group)).flatMap(([, own]) => own);
  return [...shown, ...(rest.length === 0 ? [] : [["other", rest] as const])].map(([name, own]) =>
    groupDocument(name, Int32Array.from(own), rows),
  );
}

function groupDocument(name: string, at: Int32Array, rows: CalibratedRows): CalibrationGroup {
  const scored: Scored = {
    y: Uint8Array.from(at, (row) => rows.y[row] ?? 0),
    p: Float64Array.from(at, (row) => rows.p[row] ?? Number.NaN),
  };
  const orNull = (value: number) => (Number.isFinite(value) ? value : null);
  return {
    group: name,
    ...seenIn(at, rows),
    users: new Set(Array.from(at, (row) => rows.user[row])).size,
    churned: scored.y.reduce<number>((sum, label) => sum + label, 0),
    rocAuc: orNull(measure("rocAuc", scored)),
    averagePrecision: orNull(measure("averagePrecision", scored)),
    brier: orNull(measure("brier", scored)),
    ece: orNull(measure("ece", scored)),
  };
}
