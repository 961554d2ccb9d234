// hot loop
import type { Rng } from "../../base/rng.js";
import { isoOf, MS_PER_DAY } from "../../base/time.js";
import type { SnapshotTable } from "../../features/snapshot-table.js";
import type { FutureShuffleDocument } from "../../schema/documents.js";
import type { EventColumns } from "../../schema/event-columns.js";
import { PAGES } from "../../schema/pages.js";

/** The same columns with everything that becomes known after `afterMs` made up anew. Returns how many rows that is. */
export function alterAfter(columns: EventColumns, afterMs: number, rng: Rng): { altered: EventColumns; rows: number } {
  const altered: EventColumns = {
    ...columns,
    tsMs: columns.tsMs.slice(),
    page: columns.page.slice(),
    level: columns.level.slice(),
    item: columns.item.slice(),
    sessionId: columns.sessionId.slice(),
    length10us: columns.length10us.slice(),
    artist: columns.artist.slice(),
    song: columns.song.slice(),
    gender: columns.gender.slice(),
    registrationMs: columns.registrationMs.slice(),
  };
  let rows = 0;
  for (let row = 0; row < columns.knownAtMs.length; row++) {
    if (columns.knownAtMs[row]! <= afterMs) continue;
    rows++;
    altered.tsMs[row] = Math.floor(afterMs + 1 + rng.uniform() * 30 * MS_PER_DAY);
    altered.page[row] = 1 + rng.below(PAGES.length - 1);
    altered.level[row] = rng.below(2);
    altered.item[row] = rng.below(500);
    altered.sessionId[row] = rng.below(1_000_000);
    altered.length10us[row] = rng.below(100_000_000);
    altered.artist[row] = rng.below(2 ** 52);
    altered.song[row] = rng.below(2 ** 52);
    altered.gender[row] = rng.below(3);
    altered.registrationMs[row] = rng.uniform() * afterMs;
  }
  return { altered, rows };
}

/** Names of the features in which two tables of the same users and cutoffs differ by a bit. A row more or less counts for all. */
export function changedFeatures(before: SnapshotTable, after: SnapshotTable): string[] {
  if (!sameRows(before, after)) return [...before.features];
  const changed = new Set<number>();
  for (let i = 0; i < before.x.data.length; i++) {
    if (!Object.is(before.x.data[i], after.x.data[i])) changed.add(i % before.x.cols);
  }
  return before.features.filter((_, j) => changed.has(j));
}

function sameRows(a: SnapshotTable, b: SnapshotTable): boolean {
  return (
    a.x.rows === b.x.rows &&
    a.userIndex.every((user, row) => user === b.userIndex[row]) &&
    a.cutoffMs.every((cutoff, row) => cutoff === b.cutoffMs[row])
  );
}

/** Verdict on features and training rows recomputed from logs whose future was made up. */
export function judgeFutureShuffle(found: {
  cutoffs: readonly number[];
  rowsAltered: number;
  featuresChanged: readonly string[];
  trainingUnchanged: boolean;
}): FutureShuffleDocument {
  return {
    cutoffs: found.cutoffs.map(isoOf),
    rowsAltered: found.rowsAltered,
    featuresChanged: found.featuresChanged,
    trainingUnchanged: found.trainingUnchanged,
    verdict: found.featuresChanged.length === 0 && found.trainingUnchanged ? "passed" : "failed",
  };
}
