import { seededRng } from "../../src/base/rng.js";
import { asInstant, type Instant, MS_PER_DAY } from "../../src/base/time.js";
import type { World } from "../../src/base/world.js";
import { type Dataset, labelRows } from "../../src/evaluate/dataset.js";
import type { SnapshotTable } from "../../src/features/snapshot-table.js";
import { HORIZON } from "../../src/labels/label.js";

export const DAY_0 = asInstant(Date.UTC(2018, 9, 1));
export const day = (n: number): Instant => asInstant(DAY_0 + n * MS_PER_DAY);

export const quiet: World = {
  now: () => asInstant(0),
  seed: 5,
  threads: 1,
  log: { debug() {}, info() {}, warn() {} },
  signal: { aborted: false },
};

export interface Panel {
  readonly table: SnapshotTable;
  readonly eventMs: Float64Array;
  readonly cutoffs: readonly Instant[];
  readonly data: Dataset;
}

/** Users seen at cutoffs every two days; `signal` is what their constant hazard depends on, `noise` is nothing. */
export function panel({ users = 250, cutoffs: count = 24, dailyHazard = 0.006, seed = "panel" } = {}): Panel {
  const rng = seededRng(seed);
  const cutoffs = Array.from({ length: count }, (_, i) => day(8 + 2 * i));
  const features = ["signal", "days_since_last_event", "days_since_first_event", "noise"];
  const signal = Float64Array.from({ length: users }, () => rng.normal());
  const eventMs = signal.map((s) => {
    const after = rng.exponential(1 / (dailyHazard * Math.exp(s - 0.5)));
    return after < 2 * count + 20 ? day(8) + after * MS_PER_DAY : Number.NaN;
  });
  const userIndex = Int32Array.from({ length: users * count }, (_, row) => Math.floor(row / count));
  const cutoffMs = Float64Array.from(userIndex, (_, row) => cutoffs[row % count] ?? Number.NaN);
  const data = Float64Array.from({ length: users * count * features.length }, (_, at) => {
    const row = Math.floor(at / features.length);
    const values = [
      (signal[userIndex[row] ?? 0] ?? 0) + 0.3 * rng.normal(),
      rng.exponential(3),
      ((cutoffMs[row] ?? 0) - DAY_0) / MS_PER_DAY,
      rng.normal(),
    ];
    return values[at % features.length] ?? 0;
  });
  const table: SnapshotTable = {
    features,
    users: Array.from(signal, (_, user) => `u${user}`),
    userIndex,
    cutoffMs,
    x: { rows: userIndex.length, cols: features.length, data },
  };
  return { table, eventMs, cutoffs, data: labelRows(table, eventMs, HORIZON) };
}
