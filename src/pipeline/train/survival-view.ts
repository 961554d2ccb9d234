import { sortedQuantile } from "../../base/math/sorting.js";
import { type Matrix, takeColumns, takeRows } from "../../base/matrix.js";
import { type Rng, seededRng, shuffledIndices } from "../../base/rng.js";
import { type Instant, MS_PER_DAY } from "../../base/time.js";
import type { World } from "../../base/world.js";
import { type SurvivalScore, scoreSurvival } from "../../evaluate/survival/score.js";
import { CORE } from "../../features/proven.js";
import type { SnapshotTable } from "../../features/snapshot-table.js";
import { cancellation } from "../../labels/cancellation.js";
import { expectedDaysLeft, fitHazard, type HazardState, survivalCurves } from "../../models/survival/hazard.js";
import {
  type FollowUp,
  type Intervals,
  personPeriods,
  type WatchedFollowUp,
} from "../../models/survival/person-period.js";
import type { SurvivalModel } from "../../registry/model-file.js";
import type { SurvivalDocument } from "../../schema/survival-document.js";
import { spanOf } from "../user-spans.js";
import type { Prepared } from "./prepare.js";

/** Days since the cutoff, to the cap of 30. */
const GRID: Intervals = { intervalDays: 5, intervals: 6 };

/**
 * Inverse strength of the penalty were each user one row. It and the features were chosen on three simulated worlds of 300 users:
 * with a weaker penalty, or more features, the order is as good and the curves are too bold.
 */
const C_PER_USER = 0.02;

/** Rows learned from and judged, at most: those of users drawn by the seed. */
const ROWS_MAX = 30_000;

/** Users who left below whom no hazard is fitted. */
const LEFT_MIN = 10;

export interface SurvivalView {
  readonly document: SurvivalDocument;
  /** Fitted on all cutoffs, to the end of the data. */
  readonly model: SurvivalModel;
}

/** Rows of the table, and how each was followed. */
interface Followed {
  readonly x: Matrix;
  readonly user: Int32Array;
  readonly followUp: WatchedFollowUp;
}

/**
 * When, and not only whether: a discrete-time hazard on the snapshots of the training, judged forward in time. The model of a test
 * block learns from cutoffs before the block's first, and of their users what had happened by then: who was still there then is censored.
 * Null for labels that can come again or that another event takes away, and with fewer than ten users who left to learn from or to judge by.
 */
export function survivalView(prepared: Prepared, world: World): SurvivalView | null {
  if (prepared.label.name !== cancellation.name) return null;
  const { table, tests, cutoffs } = prepared;
  const { lastTsMs } = spanOf(prepared.columns);
  const rng = seededRng(world.seed).fork("survival");
  const features = CORE.filter((name) => table.features.includes(name));
  const followed = (at: readonly Instant[], untilMs: number) => followedTo(prepared, { features, at, untilMs }, rng);
  const blocks = tests.flatMap(({ test }) => {
    const first = test[0] ?? Number.NaN;
    const learned = followed(
      cutoffs.filter((cutoff) => cutoff < first),
      first,
    );
    if (usersToLearnFrom(learned) < LEFT_MIN) return [];
    const judged = followed(test, lastTsMs);
    const curvesBy = (columns: readonly number[]) => survivalCurves(hazardOf(learned, columns), judged.x);
    return [{ ...judged, curves: curvesBy([...features.keys()]), baseline: curvesBy([]) }];
  });
  const all = followed(cutoffs, lastTsMs);
  if (blocks.length === 0 || usersToLearnFrom(all) < LEFT_MIN) return null;
  const judged = joined(blocks);
  if (usersWhoLeft(judged) < LEFT_MIN) return null;
  const score = scoreSurvival({ ...GRID, ...judged }, rng.fork("users"));
  if (score === null) return null;
  return { document: documentOf(judged, score), model: { features, state: hazardOf(all, [...features.keys()]) } };
}

function hazardOf({ x, followUp, user }: Followed, columns: readonly number[]): HazardState {
  const C = (C_PER_USER * new Set(user).size) / x.rows;
  return fitHazard(x, followUp, { ...GRID, columns, C });
}

/** Some features of the rows at the cutoffs of users who had not left, followed to their event or to `untilMs`. */
function followedTo(
  { table, eventMs }: Prepared,
  { features, at, untilMs }: { features: readonly string[]; at: readonly Instant[]; untilMs: number },
  rng: Rng,
): Followed {
  const wanted = new Set<number>(at);
  const leftMs = (row: number) => eventMs[table.userIndex[row] ?? -1] ?? Number.NaN;
  const rows = Array.from(table.userIndex.keys()).filter((row) => {
    const cutoff = table.cutoffMs[row] ?? Number.NaN;
    return wanted.has(cutoff) && cutoff < untilMs && !(leftMs(row) <= cutoff);
  });
  const kept = ofSomeUsers(rows, table, rng.fork("rows"));
  const columns = features.map((name) => table.features.indexOf(name));
  const followedMs = (row: number) => (leftMs(row) <= untilMs ? leftMs(row) : untilMs) - (table.cutoffMs[row] ?? 0);
  return {
    x: takeColumns(takeRows(table.x, kept), columns),
    user: Int32Array.from(kept, (row) => table.userIndex[row] ?? -1),
    followUp: {
      days: Float64Array.from(kept, (row) => followedMs(row) / MS_PER_DAY),
      event: Uint8Array.from(kept, (row) => (leftMs(row) <= untilMs ? 1 : 0)),
      watchedDays: Float64Array.from(kept, (row) => (untilMs - (table.cutoffMs[row] ?? 0)) / MS_PER_DAY),
    },
  };
}

/** All rows, or those of as many users, drawn at random, as `ROWS_MAX` allows. */
function ofSomeUsers(rows: number[], { userIndex }: SnapshotTable, rng: Rng): number[] {
  if (rows.length <= ROWS_MAX) return rows;
  const users = [...new Set(rows.map((row) => userIndex[row] ?? -1))];
  const share = ROWS_MAX / rows.length;
  const drawn = new Set(Array.from(shuffledIndices(users.length, rng).slice(0, users.length * share), (i) => users[i]));
  return rows.filter((row) => drawn.has(userIndex[row] ?? -1));
}

/** Users who left in an interval that was watched to its end, and so have a say in the hazard. */
function usersToLearnFrom({ user, followUp }: Followed): number {
  const { row, y } = personPeriods(followUp, GRID);
  return new Set(Array.from(row, (of) => user[of]).filter((_, at) => y[at] === 1)).size;
}

function usersWhoLeft({ user, followUp }: Pick<Judged, "user" | "followUp">): number {
  return new Set(user.filter((_, row) => followUp.event[row] === 1)).size;
}

interface Judged extends Omit<Followed, "x" | "followUp"> {
  readonly followUp: FollowUp;
  readonly curves: Matrix;
  readonly baseline: Matrix;
}

function joined(blocks: readonly Judged[]): Judged {
  const numbers = (of: (block: Judged) => Iterable<number>) => blocks.flatMap((block) => [...of(block)]);
  const matrix = (of: (block: Judged) => Matrix): Matrix => {
    const data = Float64Array.from(numbers((block) => of(block).data));
    return { rows: data.length / GRID.intervals, cols: GRID.intervals, data };
  };
  return {
    user: Int32Array.from(numbers(({ user }) => user)),
    followUp: {
      days: Float64Array.from(numbers(({ followUp }) => followUp.days)),
      event: Uint8Array.from(numbers(({ followUp }) => followUp.event)),
    },
    curves: matrix(({ curves }) => curves),
    baseline: matrix(({ baseline }) => baseline),
  };
}

function documentOf(judged: Judged, score: SurvivalScore): SurvivalDocument {
  const days = expectedDaysLeft(judged.curves, GRID.intervalDays).sort();
  const { integratedBrier, integratedBrierBaseline } = score;
  return {
    capDays: GRID.intervalDays * GRID.intervals,
    intervalDays: GRID.intervalDays,
    rows: judged.user.length,
    usersWhoLeft: usersWhoLeft(judged),
    tauDays: score.tauDays,
    concordance: score.concordance,
    integratedBrier,
    integratedBrierBaseline,
    brierSkill: 1 - integratedBrier / integratedBrierBaseline,
    intervals: score.intervals,
    expected_days_left: {
      low: sortedQuantile(days, 0.1),
      median: sortedQuantile(days, 0.5),
      high: sortedQuantile(days, 0.9),
    },
  };
}
