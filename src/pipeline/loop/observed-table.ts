import type { Matrix } from "../../base/matrix.js";
import type { LabelSettings } from "../../labels/label.js";
import { labelOfVersion } from "../../registry/model-file.js";
import type { UserId } from "../../schema/user-id.js";
import { arrayText } from "../../store/live/array-text.js";
import type { LiveSql } from "../../store/live/live-db.js";
import { packBytes } from "../../store/live/pack-bytes.js";
import { userIsErased } from "../../store/live/tombstone-sql.js";
import { bytesOfRow, fillRow } from "./feature-bytes.js";

/** What became of a row: in the gap or gone before, and not ripe, besides 0 and 1. */
export const OBSERVED_OUTCOME = { excluded: -1, unripe: -2 } as const;

/** What the outcomes of a day are of: the label of the model that served, as the model file says it. */
export interface ObservedLabel extends LabelSettings {
  readonly name: string;
  readonly version: number;
  readonly gapDays: number;
  readonly horizonDays: number;
}

/** A closed day, as it was photographed. */
export interface ObservedDay {
  readonly cutoffMs: number;
  /** Users at risk, of whom not all need have been photographed. */
  readonly atRisk: number;
  readonly features: readonly string[];
  readonly label: ObservedLabel;
}

/** The rows of one day. */
export interface DayRows {
  readonly users: readonly UserId[];
  /** 1 paid, 0 free. */
  readonly level: Uint8Array;
  readonly treated: Uint8Array;
  /** Columns as the day's features. */
  readonly x: Matrix;
}

/** One model's scores of the rows of a day, in their order. */
export interface DayScores {
  readonly modelVersion: string;
  readonly p: Float64Array;
  readonly flagged: Uint8Array;
}

/** Photographed rows of several days, by cutoff, then user. */
export interface Observed {
  readonly features: readonly string[];
  readonly users: readonly UserId[];
  readonly cutoffMs: Float64Array;
  readonly level: Uint8Array;
  readonly treated: Uint8Array;
  readonly x: Matrix;
  /** 1, 0, or a value of `OBSERVED_OUTCOME`. */
  readonly outcome: Int8Array;
}

/** One model's scores of several days, by cutoff, then user. */
export interface ScoredRows {
  readonly users: readonly UserId[];
  readonly cutoffMs: Float64Array;
  readonly p: Float64Array;
  readonly flagged: Uint8Array;
  readonly level: Uint8Array;
  readonly treated: Uint8Array;
  readonly outcome: Int8Array;
}

/** Cutoffs from `fromMs` to before `toMs`. */
export interface CutoffRange {
  readonly fromMs: number;
  readonly toMs: number;
}

const PORTION_ROWS = 1_000;
const bools = (values: Uint8Array): string => arrayText(Array.from(values, (value) => (value === 1 ? "t" : "f")));

/** Adds a day with its rows and scores; one that is there stays as it is. To be called in a transaction. */
export async function insertDay(
  sql: LiveSql,
  day: ObservedDay,
  { rows, scores, now }: { readonly rows: DayRows; readonly scores: readonly DayScores[]; readonly now: number },
): Promise<void> {
  const { cutoffMs, atRisk, features, label } = day;
  const added = await sql.query(
    "INSERT INTO observed_days VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING RETURNING 1",
    [cutoffMs, atRisk, JSON.stringify(features), JSON.stringify(label), now],
  );
  if (added.length === 0) return;
  for (let from = 0; from < rows.users.length; from += PORTION_ROWS) {
    const to = Math.min(from + PORTION_ROWS, rows.users.length);
    const users = arrayText(rows.users.slice(from, to));
    const packed = packBytes(Array.from({ length: to - from }, (_, i) => bytesOfRow(rows.x, from + i)));
    await sql.query(
      `INSERT INTO observed (cutoff_ms, user_id, level, treated, features)
       SELECT $1::int8, r.user_id, r.level, r.treated, substring($5::bytea FROM r.start FOR r.length)
       FROM unnest($2::text[], $3::int2[], $4::boolean[], $6::int4[], $7::int4[])
         AS r(user_id, level, treated, start, length)
       WHERE NOT ${userIsErased("r.user_id")}`,
      [
        cutoffMs,
        users,
        arrayText([...rows.level.subarray(from, to)]),
        bools(rows.treated.subarray(from, to)),
        packed.bytes,
        arrayText(packed.from),
        arrayText(packed.length),
      ],
    );
    for (const { modelVersion, p, flagged } of scores) {
      await sql.query(
        `INSERT INTO observed_scores (cutoff_ms, model_version, user_id, probability, is_churn)
         SELECT $1::int8, $2::text, t.* FROM unnest($3::text[], $4::float8[], $5::boolean[]) AS t(user_id, p, is_churn)
         JOIN observed AS o ON o.cutoff_ms = $1::int8 AND o.user_id = t.user_id`,
        [cutoffMs, modelVersion, users, arrayText([...p.subarray(from, to)]), bools(flagged.subarray(from, to))],
      );
    }
  }
}

interface DayRow {
  readonly cutoffMs: number;
  readonly atRisk: number;
  readonly features: string;
  readonly label: string;
  readonly maturedAtMs: number | null;
}

/** The days that were observed, by time. */
export async function readObservedDays(
  sql: LiveSql,
  { fromMs, toMs }: CutoffRange = { fromMs: Number.MIN_SAFE_INTEGER, toMs: Number.MAX_SAFE_INTEGER },
): Promise<(ObservedDay & { readonly isMatured: boolean })[]> {
  const days = await sql.query<DayRow>(
    `SELECT cutoff_ms AS "cutoffMs", at_risk AS "atRisk", features, label, matured_at_ms AS "maturedAtMs"
     FROM observed_days WHERE cutoff_ms >= $1 AND cutoff_ms < $2 ORDER BY cutoff_ms`,
    [fromMs, toMs],
  );
  return days.map(({ features, label, maturedAtMs, ...day }) => ({
    ...day,
    features: JSON.parse(features) as string[],
    label: JSON.parse(label) as ObservedLabel,
    isMatured: maturedAtMs !== null,
  }));
}

/** The rows whose features are kept. Columns are those of the last day; what an earlier day did not have is missing (NaN). */
export async function readObserved(sql: LiveSql, range: CutoffRange): Promise<Observed> {
  const days = new Map((await readObservedDays(sql, range)).map((day) => [day.cutoffMs, day]));
  const features = [...days.values()].at(-1)?.features ?? [];
  const rows = await sql.query<StoredRow & { readonly features: Uint8Array }>(
    `SELECT user_id AS "user", cutoff_ms AS "cutoffMs", level, treated, outcome, features FROM observed
     WHERE cutoff_ms >= $1 AND cutoff_ms < $2 AND features IS NOT NULL ORDER BY cutoff_ms, user_id`,
    [range.fromMs, range.toMs],
  );
  const x: Matrix = { rows: rows.length, cols: features.length, data: new Float64Array(rows.length * features.length) };
  const placesOf = new Map([...days].map(([at, day]) => [at, features.map((name) => day.features.indexOf(name))]));
  rows.forEach((row, i) => {
    fillRow(x, i, row.features, placesOf.get(row.cutoffMs) ?? []);
  });
  return { features, ...columnsOf(rows), x };
}

interface StoredRow {
  readonly user: UserId;
  readonly cutoffMs: number;
  readonly level: number;
  readonly treated: boolean;
  readonly outcome: number;
}

/** The scores that a model gave, on days whose outcomes are of its label. */
export async function readScored(
  sql: LiveSql,
  { modelVersion, fromMs, toMs }: CutoffRange & { readonly modelVersion: string },
): Promise<ScoredRows> {
  const found = await sql.query<StoredRow & { readonly p: number; readonly flagged: boolean }>(
    `SELECT o.user_id AS "user", o.cutoff_ms AS "cutoffMs", o.level, o.treated, o.outcome,
       s.probability AS p, s.is_churn AS flagged
     FROM observed_scores AS s JOIN observed AS o USING (cutoff_ms, user_id)
     WHERE s.model_version = $1 AND s.cutoff_ms >= $2 AND s.cutoff_ms < $3 ORDER BY s.cutoff_ms, s.user_id`,
    [modelVersion, fromMs, toMs],
  );
  const label = labelOfVersion(modelVersion);
  const others = await sql.query<{ at: number }>(
    `SELECT cutoff_ms AS at FROM observed_days WHERE cutoff_ms >= $1 AND cutoff_ms < $2 AND label::json ->> 'name' <> $3`,
    [fromMs, toMs, label],
  );
  const ofOthers = new Set(others.map(({ at }) => at));
  const rows = ofOthers.size === 0 ? found : found.filter(({ cutoffMs }) => !ofOthers.has(cutoffMs));
  return {
    ...columnsOf(rows),
    p: Float64Array.from(rows, ({ p }) => p),
    flagged: Uint8Array.from(rows, ({ flagged }) => Number(flagged)),
  };
}

function columnsOf(rows: readonly StoredRow[]) {
  return {
    users: rows.map(({ user }) => user),
    cutoffMs: Float64Array.from(rows, ({ cutoffMs }) => cutoffMs),
    level: Uint8Array.from(rows, ({ level }) => level),
    treated: Uint8Array.from(rows, ({ treated }) => Number(treated)),
    outcome: Int8Array.from(rows, ({ outcome }) => outcome),
  };
}
