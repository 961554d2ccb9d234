import { MS_PER_DAY } from "../../base/time.js";

/** A run of days of cutoffs, of a grid that is the same for all: `from` is its first UTC day. */
export interface DayWindow {
  readonly fromMs: number;
  readonly toMs: number;
}

export function windowOf(cutoffMs: number, windowDays: number): DayWindow {
  const length = windowDays * MS_PER_DAY;
  const fromMs = Math.floor(cutoffMs / length) * length;
  return { fromMs, toMs: fromMs + length };
}

/**
 * How far back rows must be pooled until so many different users churned among them: whole windows, the newest first. Where there are not so
 * many it is all of them.
 */
export function pooledFrom(
  rows: { readonly users: readonly string[]; readonly cutoffMs: Float64Array; readonly y: Uint8Array },
  { windowDays, positives }: { readonly windowDays: number; readonly positives: number },
): number {
  const byWindow = new Map<number, Set<string>>();
  for (let row = 0; row < rows.y.length; row++) {
    const { fromMs } = windowOf(rows.cutoffMs[row] ?? 0, windowDays);
    const churned = byWindow.get(fromMs) ?? new Set();
    byWindow.set(fromMs, churned);
    if (rows.y[row] === 1) churned.add(rows.users[row] ?? "");
  }
  const pooled = new Set<string>();
  let since = Number.POSITIVE_INFINITY;
  for (const fromMs of [...byWindow.keys()].sort((a, b) => b - a)) {
    since = fromMs;
    for (const user of byWindow.get(fromMs) ?? []) pooled.add(user);
    if (pooled.size >= positives) break;
  }
  return since;
}
