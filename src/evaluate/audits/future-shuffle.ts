// hot loop
import type { Rng } from "../../base/rng.js";
import { isoOf, MS_PER_DAY } from "../../base/time.js";
import type { SnapshotTable } from "../../features/snapshot-table.js";
import type { FutureShuffleDocument } from "../../schema/documents.js";
import type { EventColumns } from "../../schema/event-columns.js";
import { PAGES } from "../../schema/pages.js";
import { takeEvents } from "../take-events.js";

/** Rows that became known together become known one after the other, so that they need no order among themselves. */
const APART_MS = 1 / 1024;

/** Share of the rows to come that are taken out: a leak may show in how many there are. */
const REMOVED = 0.3;

/**
 * The same columns with everything that becomes known after `afterMs` made up anew or taken out. Returns how many rows
 * that is.
 */
export function alterAfter(columns: EventColumns, afterMs: number, rng: Rng): { altered: EventColumns; rows: number } {
  const { kept, userStart, rows } = keptRows(columns, afterMs, rng);
  const altered = takeEvents(columns, kept, userStart);
  for (let row = 0, user = 0, before = afterMs; row < kept.length; row++) {
    for (; row >= userStart[user + 1]!; user++) before = afterMs;
    const knownAtMs = altered.knownAtMs[row]!;
    if (knownAtMs <= afterMs) continue;
    // Halfway back to the cutoff: rows keep their order, and what happened later comes sooner.
    before = Math.max(afterMs + (knownAtMs - afterMs) / 2, before + APART_MS);
    altered.knownAtMs[row] = before;
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

function keptRows({ knownAtMs, userStart }: EventColumns, afterMs: number, rng: Rng) {
  const kept = new Int32Array(knownAtMs.length);
  const starts = new Int32Array(userStart.length);
  let count = 0;
  let rows = 0;
  for (let user = 0; user + 1 < userStart.length; user++) {
    for (let row = userStart[user]!; row < userStart[user + 1]!; row++) {
      const later = knownAtMs[row]! > afterMs;
      if (later) rows++;
      if (!later || rng.uniform() >= REMOVED) kept[count++] = row;
    }
    starts[user + 1] = count;
  }
  return { kept: kept.subarray(0, count), userStart: starts, rows };
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

/** Verdict on features, training rows and models made again from logs whose future was made up. */
export function judgeFutureShuffle(found: {
  cutoffs: readonly number[];
  rowsAltered: number;
  featuresChanged: readonly string[];
  trainingUnchanged: boolean;
  modelsUnchanged: boolean;
}): FutureShuffleDocument {
  const unchanged = found.featuresChanged.length === 0 && found.trainingUnchanged && found.modelsUnchanged;
  return {
    cutoffs: found.cutoffs.map(isoOf),
    rowsAltered: found.rowsAltered,
    featuresChanged: found.featuresChanged,
    trainingUnchanged: found.trainingUnchanged,
    modelsUnchanged: found.modelsUnchanged,
    verdict: unchanged ? "passed" : "failed",
  };
}
