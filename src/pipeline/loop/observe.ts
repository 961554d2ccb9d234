import { RefrainError } from "../../base/errors.js";
import { orderAscending } from "../../base/math/sorting.js";
import { takeColumns, takeRows } from "../../base/matrix.js";
import { asInstant, type Instant, isoOf, MS_PER_DAY, MS_PER_HOUR, utcDay } from "../../base/time.js";
import type { World } from "../../base/world.js";
import { cutoffHour } from "../../evaluate/splits.js";
import { POINT_IN_TIME } from "../../features/catalogue.js";
import { DAY_NAMES } from "../../features/families/days.js";
import { RISK_SET } from "../../features/risk-set.js";
import type { SnapshotTable } from "../../features/snapshot-table.js";
import { cancellation } from "../../labels/cancellation.js";
import { HORIZON } from "../../labels/label.js";
import type { ModelFile } from "../../registry/model-file.js";
import type { UserId } from "../../schema/user-id.js";
import { arrayText } from "../../store/live/array-text.js";
import type { LiveDb } from "../../store/live/live-db.js";
import { modelProbabilities } from "../model-probabilities.js";
import { type ClosedData, closedData } from "./closed-days.js";
import { type DayRows, type DayScores, insertDay, type ObservedDay, type ObservedLabel } from "./observed-table.js";
import { photographDays } from "./photograph-days.js";
import { type ScoringModels, scoringModels } from "./scoring-models.js";
import { userRank } from "./user-rank.js";

export interface ObserveOptions {
  /** At most so many users at risk are photographed a day. */
  readonly observedUsers: number;
  /** At most so many closed days are made up for. */
  readonly observeCatchUpDays: number;
}

export interface ObserveSummary {
  /** Cutoffs of the days that were observed, ms. */
  readonly observed: readonly number[];
  /** Closed days since the last observed one that were too many to be made up for. */
  readonly skippedDays: number;
  /** Null where nothing is known yet. */
  readonly closedBeforeMs: number | null;
}

/**
 * Photographs the users at risk at one moment of every closed day that has not been, at the hour of the champion's training cutoffs, and
 * scores them by the champion and, in shadow, by all challengers; a model scores only moments after all it learned from. Without a
 * model they are photographed all the same. Idempotent: each day is there whole or not at all, and the next call goes on.
 */
export async function observeDays(
  { db, home }: { readonly db: LiveDb; readonly home: string },
  options: ObserveOptions,
  world: World,
): Promise<ObserveSummary> {
  const closed = await closedData({ db, home }, world);
  if (closed === null) return { observed: [], skippedDays: 0, closedBeforeMs: null };
  const models = scoringModels(home, world);
  const { cutoffs, skippedDays } = await dueCutoffs(db, closed, { models, options }, world);
  if (skippedDays > 0) world.log.warn(`${skippedDays} closed days are too long ago to be observed now`);
  const catalogue = models.all.some(({ features }) => features.some((name) => DAY_NAMES.has(name)))
    ? "days"
    : "point-in-time";
  const riskSet = models.champion?.riskSet ?? RISK_SET;
  const observed: number[] = [];
  if (cutoffs.length > 0) {
    const each = async (table: SnapshotTable, cutoff: Instant): Promise<void> => {
      if (world.signal.aborted) throw new RefrainError("INTERRUPTED");
      await keepDay(db, table, { cutoff, models, most: options.observedUsers }, world);
      observed.push(cutoff);
    };
    await photographDays(home, { cutoffs, catalogue, riskSet }, each, world);
    world.log.info(`Observed ${observed.length} days, to ${isoOf(observed.at(-1) ?? 0)}`);
  }
  return { observed, skippedDays, closedBeforeMs: closed.before };
}

async function dueCutoffs(
  db: LiveDb,
  { firstMs, before }: ClosedData,
  { models, options }: { models: ScoringModels; options: ObserveOptions },
  world: World,
): Promise<{ cutoffs: Instant[]; skippedDays: number }> {
  const throughMs = models.champion?.training.throughMs ?? null;
  const hourMs = throughMs === null ? cutoffHour(world.seed) * MS_PER_HOUR : throughMs - utcDay(throughMs) * MS_PER_DAY;
  const [row] = await db.query<{ last: number | null }>("SELECT max(cutoff_ms) AS last FROM observed_days");
  const end = utcDay(before);
  const reach = end - options.observeCatchUpDays;
  const since = row?.last == null ? reach : utcDay(row.last) + 1;
  const cutoffs: Instant[] = [];
  for (let day = Math.max(since, reach); day < end; day++) {
    const at = day * MS_PER_DAY + hourMs;
    if (at >= firstMs) cutoffs.push(asInstant(at));
  }
  return { cutoffs, skippedDays: Math.max(0, reach - since) };
}

async function keepDay(
  db: LiveDb,
  table: SnapshotTable,
  { cutoff, models, most }: { cutoff: Instant; models: ScoringModels; most: number },
  world: World,
): Promise<void> {
  const sample = sampled(table, most, world.seed);
  const users = Array.from(sample, (row) => table.users[table.userIndex[row] ?? -1] ?? "");
  const x = takeRows(table.x, sample);
  const features = POINT_IN_TIME.features.map(({ name }) => name);
  const own = takeColumns(
    x,
    features.map((name) => table.features.indexOf(name)),
  );
  const paid = features.indexOf("is_paid");
  const level = Uint8Array.from(users, (_, row) => (own.data[row * own.cols + paid] === 1 ? 1 : 0));
  const scores = models.all.flatMap((model): DayScores[] => {
    if ((model.training.throughMs ?? Number.NEGATIVE_INFINITY) > cutoff) return [];
    const columns = takeColumns(
      x,
      model.features.map((name) => table.features.indexOf(name)),
    );
    const p = modelProbabilities(model, columns);
    return [{ modelVersion: model.version, p, flagged: Uint8Array.from(p, (one) => +(one >= model.threshold.value)) }];
  });
  const day: ObservedDay = { cutoffMs: cutoff, atRisk: table.x.rows, features, label: labelOf(models.champion) };
  await db.transaction(async (sql) => {
    const treated = await treatedOf(sql, users);
    const rows: DayRows = { users, level, treated, x: own };
    await insertDay(sql, day, { rows, scores, now: world.now() });
  });
}

/** The rows of the users who come first by a hash that is theirs for good, in the order of the table. */
function sampled({ userIndex, users }: SnapshotTable, most: number, seed: number): Int32Array {
  if (userIndex.length <= most) return Int32Array.from(userIndex.keys());
  const rank = Float64Array.from(userIndex, (user) => userRank(users[user] ?? "", seed));
  return Int32Array.from(orderAscending(rank).subarray(0, most)).sort();
}

async function treatedOf(sql: Pick<LiveDb, "query">, users: readonly UserId[]): Promise<Uint8Array> {
  const found = await sql.query<{ user: UserId }>(
    `SELECT user_id AS "user" FROM user_states WHERE user_id = ANY($1::text[]) AND treated_at_ms IS NOT NULL`,
    [arrayText(users)],
  );
  const treated = new Set(found.map(({ user }) => user));
  return Uint8Array.from(users, (user) => +treated.has(user));
}

function labelOf(champion: ModelFile | null): ObservedLabel {
  const { name, version } = cancellation;
  return { ...HORIZON, ...(champion?.label ?? { name, version }) };
}
